// JavaScript's values to texts and bytes, and back.
import { PerchError } from "./error.js";

const utf8 = new TextEncoder();

/** Names and values in turn; lists give their name once per item, nothing gives nothing. */
export function flat(parameters) {
  const texts = [];
  for (const [name, given] of Object.entries(parameters ?? {})) {
    for (const value of Array.isArray(given) ? given : [given]) {
      if (value === undefined || value === null) continue;
      texts.push(name, value instanceof Date ? value.toISOString() : String(value));
    }
  }
  return texts;
}

/** A body with its content type. */
export async function encode(body) {
  if (body === undefined) return { bytes: new Uint8Array() };
  if (typeof body === "string") return { kind: "text/plain", bytes: utf8.encode(body) };
  if (body instanceof URLSearchParams || body instanceof FormData) {
    const written = new Response(body);
    return { kind: written.headers.get("content-type"), bytes: new Uint8Array(await written.arrayBuffer()) };
  }
  if (body instanceof Blob) {
    const kind = /^(audio\/.*)?$/.test(body.type) ? "audio/wav" : body.type;
    return { kind, bytes: new Uint8Array(await body.arrayBuffer()), filename: body.name };
  }
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return { kind: "audio/wav", bytes: bytesOf(body) };
  return { kind: "application/json", bytes: utf8.encode(JSON.stringify(body, exact)) };
}

/** An answer, by what the operation promises or else by what came. */
export function decode([status, kind = "", bytes, promised, correlationId]) {
  if (bytes.length === 0) return undefined;
  const parsed = () => parse(bytes, { status, correlationId });
  if (promised === "application/json") return parsed();
  if (promised) return bytes;
  if (kind.includes("json")) return parsed();
  return /^text\/|xml/.test(kind) ? new TextDecoder().decode(bytes) : bytes;
}

export function bytesOf(data) {
  if (typeof data === "string") return utf8.encode(data);
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
}

/** Headers of any kind as names and values in turn, repeated ones repeated. */
export function headersOf(headers) {
  if (Array.isArray(headers) && typeof headers[0] === "string") return headers;
  const entries = typeof headers[Symbol.iterator] === "function" ? [...headers] : Object.entries(headers);
  return entries.flatMap(([name, value]) => (Array.isArray(value) ? value : [value])
    .flatMap((one) => (one === undefined ? [] : [name, String(one)])));
}

function parse(bytes, exchange) {
  try {
    return fromJson(bytes);
  } catch {
    throw new PerchError({
      code: "unreadable_answer",
      message: "the answer is no JSON",
      remedy: "Quote the correlation id to support.",
      retry: "never",
      ...exchange,
    });
  }
}

/** The value that bytes of JSON stand for; throws whatever the readers throw. */
export function fromJson(bytes) {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  // Looking for long numbers first keeps the slower reading with a reviver rare.
  return /\d{16}/.test(text) ? JSON.parse(text, whole) : JSON.parse(text);
}

/** Whole numbers that a double cannot hold become a BigInt, where the runtime shows how they were written. */
function whole(_, value, context) {
  const inexact = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return inexact && /^-?\d+$/.test(context?.source ?? "") ? BigInt(context.source) : value;
}

/** And back again. */
function exact(_, value) {
  return typeof value === "bigint" && JSON.rawJSON ? JSON.rawJSON(String(value)) : value;
}
