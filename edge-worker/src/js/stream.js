// A body whose length was not told, or that is too large to be read whole: looked through piece by piece.
import { hasLeak, isPacked, judged, tail } from "./leaks.js";
import { Redaction } from "./redact.js";

/** Largest piece, and the largest body that is waited for. */
const PIECE = 65_536;
/** How long such a body is waited for before what is there goes on. */
const GATHER_MS = 100;
// Every byte as one character: what is looked for is ASCII, and nothing is changed.
const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder();

/** The answer's parts. `length` is nothing where it was not told, or told of packed bytes. */
export async function stream(job, answer, { head, length, isText }) {
  const { status } = answer;
  const source = new Source(job, answer.body);
  const begun = isText && length === null ? await gather(source) : new Uint8Array(0);
  if (source.isOver) return judged(job, status, head, utf8.decode(begun));
  const way = length === null ? new IdentityTransformStream() : new FixedLengthStream(length);
  // Whatever ends it early ends it visibly: without a last chunk, or short of its length.
  const redaction = isText ? new Redaction() : null;
  pump(job, source, way.writable.getWriter(), begun, redaction)
    .catch(() => {})
    .finally(() => redaction?.over());
  return { status, head, body: way.readable };
}

/** The platform's bytes in pieces as large as there are. */
class Source {
  isOver = false;
  #reader;
  #job;
  #pending = null;

  constructor(job, body) {
    this.#job = job;
    this.#reader = body.getReader({ mode: "byob" });
  }

  /** The next piece; with `ms`, nothing when there is none by then: it comes the next time. Empty at the end. */
  async next(ms) {
    const { watch, limits } = this.#job;
    this.#pending ??= watch.phase(this.#reader.read(new Uint8Array(PIECE)), limits.idle);
    const read = ms === undefined ? await this.#pending : await Promise.race([this.#pending, pause(ms)]);
    if (read === undefined) return null;
    this.#pending = null;
    this.isOver = read.done;
    return read.done ? new Uint8Array(0) : read.value;
  }

  cancel() {
    this.#pending?.catch(() => {});
    this.#reader.cancel().catch(() => {});
  }
}

// Small bodies whole: told apart from large ones by waiting for their end, but not for long.
async function gather(source) {
  const until = Date.now() + GATHER_MS;
  let all = new Uint8Array(0);
  while (all.byteLength < PIECE && !source.isOver) {
    const left = until - Date.now();
    const piece = left > 0 ? await source.next(left) : null;
    if (piece === null) break;
    all = joined(all, piece);
  }
  return all;
}

async function pump(job, source, writer, begun, redaction) {
  const { watch, limits, needles } = job;
  let held = new Uint8Array(0);
  let piece = begun;
  let isFirst = true;
  try {
    for (;;) {
      const all = joined(held, piece);
      if (isFirst && all.byteLength < 2 && !source.isOver) {
        // One byte is not enough to tell.
        held = all;
        piece = await source.next();
        continue;
      }
      if (isFirst && isPacked(all)) throw new Error("withheld");
      isFirst = false;
      const text = latin1.decode(all);
      if (hasLeak(text, needles)) throw new Error("withheld");
      const cut = source.isOver ? all.byteLength : all.byteLength - tail(text, needles);
      held = all.slice(cut);
      if (cut > 0) {
        const piece = all.subarray(0, cut);
        await watch.phase(writer.write(redaction?.piece(piece) ?? piece), limits.idle);
      }
      if (source.isOver) break;
      if (watch.left(limits) < 0) throw new Error("too late");
      piece = await source.next();
    }
    await writer.close();
  } catch (error) {
    // Also when the caller went away: the platform need not go on.
    source.cancel();
    await writer.abort(error);
  }
}

function joined(left, right) {
  if (left.byteLength === 0) return right;
  const all = new Uint8Array(left.byteLength + right.byteLength);
  all.set(left);
  all.set(right, left.byteLength);
  return all;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
