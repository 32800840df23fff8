// What the record of operators' deeds needs of the runtime.
import { fixed } from "./answer.js";

const PAGE = 500;

/** The record as one stream of lines, read page by page while the caller takes them: rows `first` to `last` behind a first line that says so. A page that is not whole breaks the stream off. */
export function exported(env, preface, first, last, id, secure) {
  const object = env.AUDIT.get(env.AUDIT.idFromName("audit"));
  const encoder = new TextEncoder();
  let after = first - 1;
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(`${preface}\n`)),
    async pull(controller) {
      if (after >= last) return controller.close();
      const limit = Math.min(PAGE, last - after);
      const asked = { after, before: last + 1, limit, newest_first: false, filter: {} };
      const answer = await object.fetch("https://object/page", { method: "POST", body: JSON.stringify(asked) });
      const { entries } = await answer.json();
      if (entries?.length !== limit || entries[0].seq !== after + 1) throw new Error("the record changed");
      after += limit;
      controller.enqueue(encoder.encode(entries.map((entry) => `${JSON.stringify(entry)}\n`).join("")));
    },
  });
  const headers = fixed(id, secure);
  headers["content-type"] = "application/x-ndjson";
  headers["content-disposition"] = 'attachment; filename="audit.ndjson"';
  headers["cache-control"] = "no-store";
  return new Response(body, { status: 200, headers });
}

/** Keeps a request alive until the function that this gives is called, also when its caller goes away. */
export function held(context) {
  const { promise, resolve } = Promise.withResolvers();
  context.waitUntil(promise);
  return resolve;
}

/** Lets an answer go that nobody gets. */
export function discard(answer) {
  answer.body?.cancel().catch(() => {});
}
