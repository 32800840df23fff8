// Attempts at an exchange, and the time they may take.
import { isolate, survive } from "./isolate.js";

/** What a phase that takes too long fails with. */
export const LATE = Symbol("late");

/**
 * Watches over the phases of one request.
 *
 * Timers are never cleared: clearing costs as much as setting, and what is left of a request takes them
 * along. An exchange that is too late is simply left: with the answer sent, the runtime cancels it.
 */
export class Watch {
  #began = Date.now();
  #armed = Infinity;
  #until = 0;
  #fail = null;

  /** Waits for `work`, this long at most. One phase at a time. */
  phase(work, ms) {
    return new Promise((done, fail) => {
      this.#until = Date.now() + ms;
      this.#fail = fail;
      if (this.#until < this.#armed) this.#arm(ms);
      work.then(done, fail);
    });
  }

  /** How much of the whole time is left. */
  left({ total }) {
    return this.#began + total - Date.now();
  }

  #arm(ms) {
    this.#armed = Date.now() + ms;
    setTimeout(() => {
      this.#armed = Infinity;
      const left = this.#until - Date.now();
      if (left > 0) this.#arm(left);
      else this.#fail(LATE);
    }, ms);
  }
}

/** Sends until there is an answer that is not to be asked for again. Gives it, or a refusal's name. */
export async function send(job) {
  const { url, method, headers, body, limits, watch, note } = job;
  for (let repeats = 0; ; repeats += 1) {
    let answer = null;
    let failure = "unreachable";
    note.asked = Date.now();
    try {
      answer = await watch.phase(fetch(url, { method, headers, body, redirect: "manual" }), limits.answer);
      note.heard = Date.now();
      // The platform may answer what was broken off.
      if (job.broken === "large") {
        answer.body?.cancel().catch(() => {});
        return job.broken;
      }
    } catch (error) {
      // The caller's own doing tells nothing about the host.
      if (job.broken !== null && (job.broken === "large" || error === LATE)) return job.broken;
      if (error === LATE) failure = "timeout";
    }
    const status = answer === null ? (failure === "timeout" ? 1 : 0) : answer.status;
    const wait = settle(job, status, repeats, answer);
    if (wait < 0 || wait > watch.left(limits)) {
      if (answer === null) return failure;
      note.answer = answer;
      return answer;
    }
    answer?.body?.cancel().catch(() => {});
    note.retries += 1;
    await new Promise((done) => setTimeout(done, wait));
  }
}

// Tells Rust how an attempt ended, when that matters to others; the milliseconds to wait, or less than zero.
function settle({ lane, again }, status, repeats, answer) {
  const odd = status < 2 || status === 429 || (status >= 502 && status <= 504);
  if (!odd && lane % 2 === 0) return -1;
  const after = answer?.headers.get("retry-after") ?? "";
  try {
    return isolate.flow.settle(lane, status, repeats, again, after, Date.now());
  } catch {
    survive();
    return -1;
  }
}
