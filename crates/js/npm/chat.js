// A visitor's chat through the edge worker.
import { PerchError } from "./error.js";
import { chat as module, within } from "./module.js";

/** What the session tells, for what programs can ask. */
const START = { connection: "idle", idleWarning: false, ending: false };

export class Chat {
  #raw;
  #listeners = new Map();
  #transcript = [];
  #status = START;
  #outbox = [];
  #opened = {};
  #gone = new AbortController();

  /** Opens a chat of a site, or takes one up again. */
  static async open({ edge = "", site, resume, outbox, signal } = {}) {
    const chat = new Chat();
    const opened = new Promise((done, failed) => {
      chat.on("opened", done);
      chat.on("failed", failed);
      const abort = () => failed(aborted(signal.reason));
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { signal: chat.#gone.signal });
    });
    // Also while the module is still being loaded, when nobody waits for it yet.
    opened.catch(() => {});
    try {
      await within(module, (glue) => {
        const emit = (name, json) => chat.#hear(name, JSON.parse(json));
        chat.#raw = new glue.Chat(edge.replace(/\/$/, ""), site, resume, outbox && JSON.stringify(outbox), emit);
      });
      await opened;
    } catch (error) {
      chat.close();
      throw error;
    }
    signal?.addEventListener("abort", () => chat.close(), { signal: chat.#gone.signal });
    chat.#watchNetwork();
    return chat;
  }

  /** Calls `listener` for every event of that type; gives a function that stops it. */
  on(type, listener) {
    const own = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, own.add(listener));
    return () => void own.delete(listener);
  }

  /** Everything said so far, oldest first. A new list after every change. */
  get transcript() {
    return this.#transcript;
  }

  get status() {
    return this.#status;
  }

  /** The edge worker's name for the session; no secret. */
  get session() {
    return this.#opened.session;
  }

  /** Whether an earlier session goes on. */
  get resumed() {
    return this.#opened.resumed;
  }

  /** What to store, so that a later page can take the chat up again. */
  get resume() {
    return this.#opened.resume;
  }

  get site() {
    return this.#opened.site;
  }

  /** What is not delivered yet, for a later page to send. */
  get outbox() {
    return this.#outbox;
  }

  send(text) {
    return this.#raw?.send(text) ?? false;
  }

  retry(clientEventId) {
    return this.#raw?.retry(clientEventId) ?? false;
  }

  typing(active = true) {
    return this.#raw?.typing(active) ?? false;
  }

  requestAgent() {
    return this.#raw?.requestAgent() ?? false;
  }

  connect() {
    return this.#raw?.connect() ?? false;
  }

  end() {
    return this.#raw?.end() ?? false;
  }

  /** Lets the socket go without ending the conversation. */
  close() {
    this.#gone.abort();
    this.#raw?.free();
    this.#raw = undefined;
    this.#listeners.clear();
  }

  #hear(name, detail) {
    if (this.#gone.signal.aborted) return;
    switch (name) {
      case "opened":
        this.#opened = detail;
        break;
      case "resume":
        this.#opened = { ...this.#opened, resume: detail };
        break;
      case "outbox":
        this.#outbox = detail;
        break;
      case "status":
        this.#status = detail;
        break;
      case "reset":
        this.#transcript = detail.transcript;
        this.#status = detail.status;
        break;
      case "entry":
        this.#transcript = placed(this.#transcript, detail);
        break;
      case "failed":
        detail = new PerchError(detail);
        break;
    }
    // A reset and an entry are how this copy follows; programs hear of the change.
    if (name !== "reset" && name !== "entry") this.#tell(name, detail);
    if (["reset", "entry", "status"].includes(name)) this.#tell("change", this);
  }

  #tell(name, detail) {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        listener(detail);
      } catch (error) {
        // Seen like any other uncaught one, without breaking the session.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** Pages know about their network sooner than a socket does. */
  #watchNetwork() {
    if (typeof document === "undefined") return;
    const on = (types, work) => types.forEach((type) => addEventListener(type, work, { signal: this.#gone.signal }));
    on(["online", "offline"], ({ type }) => this.#raw?.online(type === "online"));
    // Who comes back should not wait for a timer that slept along with the tab.
    on(["pageshow", "visibilitychange"], () => this.#status.connection === "waiting" && this.connect());
  }
}

function aborted(cause) {
  const fields = { code: "aborted", message: "opening the chat was called off", remedy: "Open it when it is wanted.", retry: "never" };
  return new PerchError(fields, { cause });
}

/** The transcript with an entry at its place; the oldest are dropped where there are too many. */
function placed(transcript, { at, length, entry }) {
  const next = transcript.filter(({ key }) => key !== entry.key);
  const dropped = Math.max(0, next.length + 1 - length);
  next.splice(0, dropped);
  next.splice(at, 0, entry);
  return next;
}
