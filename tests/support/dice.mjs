// Chance that can be repeated: equal seeds give equal throws.
import { createHash } from "node:crypto";

export class Dice {
  #state;

  /** Dice for this seed; every part of it counts, so one seed has any number of independent dice. */
  constructor(...seed) {
    this.#state = createHash("sha256").update(JSON.stringify(seed)).digest().readUInt32LE();
  }

  /** 32 bits (mulberry32: small, even, and the same on every machine). */
  bits() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return (bits ^ (bits >>> 14)) >>> 0;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit) {
    return Math.floor((this.bits() / 2 ** 32) * limit);
  }

  chance(share) {
    return this.bits() / 2 ** 32 < share;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** One of `[weight, value]` pairs. */
  weigh(pairs) {
    let at = (this.bits() / 2 ** 32) * pairs.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of pairs) {
      at -= weight;
      if (at < 0) return value;
    }
    return pairs.at(-1)[1];
  }

  text(length, letters = "abcdefghijklmnopqrstuvwxyz0123456789") {
    return Array.from({ length }, () => letters[this.below(letters.length)]).join("");
  }

  bytes(length) {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** `whole` in pieces, cut anywhere. */
  cut(whole, most) {
    const pieces = [];
    let from = 0;
    while (from < whole.length && pieces.length < most) {
      const to = Math.min(whole.length, from + 1 + this.below(Math.max(1, Math.ceil((2 * whole.length) / most))));
      pieces.push(whole.subarray(from, to));
      from = to;
    }
    if (from < whole.length) pieces.push(whole.subarray(from));
    return pieces;
  }
}
