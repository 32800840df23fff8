// Answers that are masked on their way out.
import { isolate, survive } from "./isolate.js";

/** Takes what masks: `(key, is first, chunk or nothing at the end)` gives bytes, or nothing when it cannot. */
export function mask_with(step) {
  isolate.mask = step;
}

let count = 0;

/** The answer with a masked body; null when it is of no kind that can be. */
export function masked(answer) {
  const { status, headers, body } = answer;
  // A part of a text has no beginning; what has no beginning cannot be read.
  if (status === 206) return null;
  if (body === null) return answer;
  if (!/^application\/json(; ?charset=utf-8)?$/i.test(headers.get("content-type") ?? "")) return null;
  const out = new Headers(headers);
  for (const name of ["accept-ranges", "content-length", "etag"]) out.delete(name);
  count = (count + 1) >>> 0;
  const key = count;
  let first = true;
  const step = (chunk) => {
    let bytes;
    try {
      bytes = isolate.mask?.(key, first, chunk);
    } catch {
      survive();
    }
    first = false;
    if (bytes === undefined) throw new Error("cannot be masked");
    return bytes;
  };
  const stream = body.pipeThrough(
    new TransformStream({
      transform: (chunk, controller) => controller.enqueue(step(chunk)),
      flush: (controller) => controller.enqueue(step(undefined)),
      cancel: () => void isolate.mask?.(key, false, undefined),
    }),
  );
  return new Response(stream, { status, headers: out });
}
