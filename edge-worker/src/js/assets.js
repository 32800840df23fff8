// Stored files.
import { fill, fixed, refuse } from "./answer.js";

/** A stored file with our headers instead of its own, but for type, validators and encoding. */
export async function asset(service, request, url, headers, id, secure) {
  const init = { method: request.method, headers: {}, redirect: "manual" };
  for (const name of ["if-none-match", "accept-encoding"]) {
    const value = request.headers.get(name);
    if (value !== null) init.headers[name] = value;
  }
  let found;
  try {
    found = await service.fetch(url, init);
  } catch {
    return refuse("internal", id, secure);
  }
  if (found.status !== 200 && found.status !== 304) return refuse("missing", id, secure);
  const out = fixed(id, secure);
  for (const name of ["content-type", "content-encoding", "etag"]) {
    const value = found.headers.get(name);
    if (value !== null) out[name] = value;
  }
  fill(out, headers.split("\n"), 0);
  return new Response(found.body, { status: found.status, headers: out });
}
