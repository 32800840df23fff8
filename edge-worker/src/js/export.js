// The audit log as one stream of lines, read page by page while the caller takes them.
import { fixed } from "./answer.js";

const PAGE = 500;

/** Rows `first` to `last` behind a first line that says so. A page that is not whole breaks the stream off. */
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
