// Requests exactly as a test writes them. `fetch` would tidy paths and refuse headers.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { text as readText } from "node:stream/consumers";
import { within } from "./wait.mjs";

/** On every response but a socket upgrade. */
const ALWAYS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
};

/** One request and its whole answer. A header given as a list is sent once per entry. */
export async function call(origin, method, path, { headers = {}, body } = {}) {
  const response = await open(origin, method, path, { headers, body });
  const text = await readText(response);
  return {
    status: response.statusCode,
    headers: response.headers,
    text,
    get json() {
      return JSON.parse(text);
    },
  };
}

/** One request up to the answer's headers; the body is read by the caller. */
export async function open(origin, method, path, { headers = {}, body, signal } = {}) {
  const { hostname, port } = new URL(origin);
  const sent = request({ hostname, port, method, path, headers, signal, agent: false });
  const answered = once(sent, "response");
  if (body && typeof body.pipe === "function") body.pipe(sent);
  else sent.end(body);
  const [response] = await within(`${method} ${path}`, answered, 30_000);
  return response;
}

/** Bytes on the wire, for what no client library lets through. Gives the status and the body. */
export async function raw(origin, bytes) {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port });
  socket.write(bytes);
  const answer = await within("an answer to raw bytes", readText(socket), 15_000);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
  return { status, text: answer.slice(answer.indexOf("\r\n\r\n") + 4), whole: answer };
}

/** Checks a refusal in every part that callers and operators rely on. */
export function assertRefused(answer, status, code, about = "") {
  assert.equal(answer.status, status, `${about} ${answer.text}`);
  assert.equal(answer.headers["content-type"], "application/json", about);
  assert.equal(answer.headers["cache-control"], "no-store", about);
  const { error, request_id: id, ...more } = answer.json;
  assert.deepEqual(more, {}, about);
  assert.deepEqual(Object.keys(error), ["code", "message", "remedy"], about);
  assert.equal(error.code, code, about);
  assert.ok(id && answer.headers["x-request-id"] === id, `${about}: the request id is in body and header`);
  assertSecured(answer, about);
}

/** T29: the headers that no answer may lack. */
export function assertSecured(answer, about = "") {
  for (const [name, value] of Object.entries(ALWAYS)) {
    assert.equal(answer.headers[name], value, `${about}: ${name}`);
  }
  assert.match(answer.headers["content-security-policy"], /frame-ancestors 'none'/, about);
  assert.match(answer.headers["x-request-id"], /^[\w-]{8,64}$/, about);
}
