// What stands behind a secret's name does not go on. Names and what becomes of values are Rust's to say.
import { isolate, survive } from "./isolate.js";

let count = 0;

/** One text on its way. Pieces keep their lengths. */
export class Redaction {
  #key = (count = (count + 1) >>> 0);
  #first = true;

  /** The next piece, as bytes; throws when there is no telling what is in it. */
  piece(bytes) {
    let shown;
    try {
      shown = isolate.flow.redact(this.#key, this.#first, bytes);
    } catch {
      survive();
    }
    this.#first = false;
    if (shown === undefined) throw new Error("withheld");
    return shown;
  }

  /** To be called after the last. */
  over() {
    try {
      isolate.flow.redact(this.#key, false, undefined);
    } catch {
      survive();
    }
  }
}

/** A whole text; most have no such name, which is cheap to see. */
export function redacted(text) {
  if (!isolate.secret.test(text)) return text;
  const redaction = new Redaction();
  try {
    return new TextDecoder().decode(redaction.piece(new TextEncoder().encode(text)));
  } finally {
    redaction.over();
  }
}
