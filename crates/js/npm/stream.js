// What arrives piece by piece: rows of lists, parts of recordings.
import { PerchError } from "./error.js";
import { fromJson } from "./values.js";

/** Something of the stream module that gives one piece after the other. */
export class Feed {
  #raw;
  #stop;
  #failed;
  #waiting = false;

  constructor(id, raw, stop, failed) {
    this.id = id;
    this.#raw = raw;
    this.#stop = stop;
    this.#failed = failed;
  }

  /** The next piece; nothing at the end. Pieces are asked for one at a time. */
  async next() {
    if (!this.#raw) throw this.refused("it was read or closed before", "Ask for it again.");
    this.#waiting = true;
    try {
      return await this.#raw.next();
    } catch (thrown) {
      throw this.#failed(thrown);
    } finally {
      this.#waiting = false;
    }
  }

  /** Ends the request and lets go of everything; a piece that is waited for fails first. */
  close() {
    if (!this.#raw) return;
    if (this.#waiting) return this.#stop.token.stop();
    this.#raw.free();
    this.#stop.free();
    this.#raw = undefined;
  }

  refused(words, remedy) {
    return new PerchError({ code: "invalid_input", message: `${this.id}: ${words}`, remedy, retry: "never", operation: this.id });
  }
}

/** Every row of the feed. One that cannot be read goes to `skipped`, or else ends the list. */
export async function* rowsOf(feed, skipped) {
  const skip = (error) => {
    if (!skipped) throw error;
    skipped(error);
  };
  try {
    for (let piece; (piece = await feed.next()); ) {
      if (piece.length === 1) skip(PerchError.from(piece[0]));
      else yield* readable(feed, piece, skip);
    }
  } finally {
    feed.close();
  }
}

/** The rows of a batch, read together or, when that fails, one by one. */
function* readable(feed, [bytes, places, first], skip) {
  let rows;
  try {
    rows = fromJson(bytes);
  } catch {
    // Looked for below.
  }
  if (rows) return yield* rows;
  for (let at = 0; at < places.length; at += 2) {
    try {
      rows = [fromJson(bytes.subarray(places[at], places[at + 1]))];
    } catch {
      rows = [];
      const message = `${feed.id}: row ${first + at / 2} of the page is no JSON`;
      const remedy = "Leave it out; the rows behind it are not affected.";
      skip(new PerchError({ code: "unreadable_row", message, remedy, retry: "never", operation: feed.id }));
    }
    yield* rows;
  }
}

/** A recording on its way. It is read once: by iteration, as a stream, or as bytes. */
export class Recording {
  #feed;
  #taken = 0;

  static async begin(feed) {
    try {
      return new Recording(feed, await feed.next());
    } catch (error) {
      feed.close();
      throw error;
    }
  }

  constructor(feed, [contentType, total]) {
    this.#feed = feed;
    this.contentType = contentType;
    this.total = total;
  }

  /** Bytes given so far. */
  get taken() {
    return this.#taken;
  }

  async *[Symbol.asyncIterator]() {
    try {
      for (let piece; (piece = await this.#feed.next()); ) {
        this.#taken += piece[0].length;
        yield piece[0];
      }
    } finally {
      this.#feed.close();
    }
  }

  /** The same as a stream, for example for a `Response`. */
  stream() {
    const pieces = this[Symbol.asyncIterator]();
    return new ReadableStream({
      type: "bytes",
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (!done) return controller.enqueue(value);
        controller.close();
        controller.byobRequest?.respond(0);
      },
      cancel: () => {
        this.#feed.close();
        return pieces.return().then(() => undefined, () => undefined);
      },
    });
  }

  /** All of it at once. */
  async bytes() {
    const pieces = [];
    for await (const piece of this) pieces.push(piece);
    const all = new Uint8Array(this.#taken);
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }

  /** Ends it early; whoever waits for a piece gets an error. */
  close() {
    this.#feed.close();
  }
}

/** Nothing for all of it, else from and to, or how many from the end behind a NaN. */
export function boundsOf(range) {
  if (!range) return [];
  if (range.last !== undefined) return [NaN, range.last];
  return range.to === undefined ? [range.from ?? 0] : [range.from ?? 0, range.to];
}
