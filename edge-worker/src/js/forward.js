// An operator's request on its way to the platform and back: bodies stream and never enter wasm.
import { fill, fixed, refuse } from "./answer.js";
import { isolate } from "./isolate.js";

/**
 * Sends a request on to the platform and its answer back. Bodies stream and never enter wasm.
 * `order` is the method, the address, the request id, then the edge's own headers, one per line; `note`
 * takes what is said about the request later.
 */
export async function forward(incoming, note, order, secure) {
  const { policy } = isolate;
  const lines = order.split("\n");
  const [method, url, id] = lines;
  const headers = {};
  const given = incoming.headers;
  for (const name of policy.request) {
    const value = given.get(name);
    if (value !== null) headers[name] = value;
  }
  fill(headers, lines, 3);
  const abort = new AbortController();
  const init = { method, headers, redirect: "manual", signal: abort.signal };
  const body = { over: false };
  if (method !== "GET" && incoming.body !== null) {
    const length = given.get("content-length");
    if (length !== null && Number(length) > policy.body_bytes) return refuse("large", id, secure);
    init.body = length === null ? capped(incoming.body, policy.body_bytes, body) : incoming.body;
  }
  const timer = setTimeout(() => abort.abort(), policy.answer_ms);
  let answer;
  note.asked = Date.now();
  try {
    answer = await fetch(url, init);
    note.heard = Date.now();
    note.answer = answer;
  } catch {
    if (body.over) return refuse("large", id, secure);
    return refuse(abort.signal.aborted ? "timeout" : "unreachable", id, secure);
  } finally {
    clearTimeout(timer);
  }
  const { status } = answer;
  if (status >= 300 && status < 400 && status !== 304) {
    answer.body?.cancel().catch(() => {});
    return refuse("redirected", id, secure);
  }
  const out = fixed(id, secure);
  out["cache-control"] = "private, no-store";
  const received = answer.headers;
  for (const name of policy.response) {
    const value = received.get(name);
    if (value !== null) out[name] = value;
  }
  return new Response(answer.body, { status, headers: out });
}

function capped(stream, limit, state) {
  let size = 0;
  return stream.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        size += chunk.byteLength;
        if (size > limit) {
          state.over = true;
          controller.error(new Error("too large"));
        } else {
          controller.enqueue(chunk);
        }
      },
    }),
  );
}
