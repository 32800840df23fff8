// Answers of the edge's own: fixed headers, fixed texts.
import { isolate } from "./isolate.js";

/** A finished response: `headers` is names and values, one per line. */
export function respond(status, headers, body, id, secure) {
  const out = fixed(id, secure);
  fill(out, headers.split("\n"), 0);
  return new Response(body, { status, headers: out });
}

/** A fixed refusal by its name in the policy. */
export function refuse(name, id, secure) {
  const [status, head, tail, code] = isolate.policy.refusals[name];
  const headers = fixed(id, secure);
  headers["content-type"] = "application/json";
  headers["cache-control"] = "no-store";
  // For the event; see note.js.
  return Object.assign(new Response(head + id + tail, { status, headers }), { refusal: code });
}

/** The headers that are on every answer. */
export function fixed(id, secure) {
  return { ...(secure ? isolate.secure : isolate.base), "x-request-id": id };
}

/** Fills `headers` from names and values, one per line. */
export function fill(headers, lines, from) {
  for (let at = from; at + 1 < lines.length; at += 2) headers[lines[at]] = lines[at + 1];
  return headers;
}
