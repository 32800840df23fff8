// Any operation of the platform by its id.
import { PerchError } from "./error.js";
import { perch, stream, within } from "./module.js";
import { boundsOf, Feed, Recording, rowsOf } from "./stream.js";
import { decode, encode, flat } from "./values.js";

const HOSTS = ["build", "platform", "messaging", "webrtc"];
/** Keys that consist of two values, with the names of both. */
const PAIRS = { chat: ["key", "token"], sms: ["key", "connector"], messaging: ["token", "host"] };

const KEYS_IN_PAGE = {
  code: "keys_in_page",
  message: "keys belong to servers: whoever opens this page could read them",
  remedy: "Call through an edge worker, with Client.edge().",
  retry: "never",
};

export class Client {
  #make;
  /** The client of each module that was needed so far. */
  #made = new Map();

  constructor(make) {
    this.#make = make;
  }

  /** Through a Perch edge worker, which holds the keys. */
  static edge({ base = "", attempts } = {}) {
    return new Client((glue) => glue.Client.edge(base.replace(/\/$/, ""), attempts));
  }

  /** Straight to the platform, with keys: on servers only. */
  static direct({ region, hosts, credentials, attempts }) {
    if (typeof document !== "undefined") throw new PerchError(KEYS_IN_PAGE);
    const places = hosts ? HOSTS.map((kind) => hosts[kind] ?? "") : [region];
    return new Client((glue) => glue.Client.direct(places, keysOf(credentials), attempts));
  }

  /** Sends an operation and gives its answer. */
  async call(id, { path, query, body, signal, timeout, correlationId } = {}) {
    let stop;
    try {
      const sent = await encode(body);
      const client = await this.#client(perch);
      stop = await Stop.of(perch, signal);
      return decode(await client.call(id, flat(path), flat(query), sent.kind, sent.bytes, sent.filename, timeout, correlationId, stop.token));
    } catch (thrown) {
      throw failed(thrown, id, signal);
    } finally {
      stop?.free();
    }
  }

  /** The rows of a list, across all its pages, while they arrive. */
  async *rows(id, { path, query, signal, timeout, correlationId, skipped } = {}) {
    const open = (client, stop) => client.rows(id, flat(path), flat(query), timeout, correlationId, stop);
    yield* rowsOf(await this.#feed(id, signal, open), skipped);
  }

  /** A recording, whole or in part, while it arrives. */
  async recording(id, { path, query, signal, timeout, correlationId, range, limit, resumes } = {}) {
    const open = (client, stop) => client.recording(id, flat(path), flat(query), boundsOf(range), limit, resumes, timeout, correlationId, stop);
    return Recording.begin(await this.#feed(id, signal, open));
  }

  async #feed(id, signal, open) {
    let stop;
    try {
      const client = await this.#client(stream);
      stop = await Stop.of(stream, signal);
      return new Feed(id, open(client, stop.token), stop, (thrown) => failed(thrown, id, signal));
    } catch (thrown) {
      stop?.free();
      throw failed(thrown, id, signal);
    }
  }

  /** The module's own client. Each has one, as modules share nothing. */
  #client(module) {
    const made = this.#made.get(module) ?? within(module, this.#make);
    this.#made.set(module, made);
    // What failed may succeed the next time.
    made.catch(() => this.#made.delete(module));
    return made;
  }
}

/** The rows of all operations. */
export const operations = () => within(perch, (glue) => JSON.parse(glue.operations()));

/** A signal as a module has it, for as long as something runs with it. */
class Stop {
  #signal;
  #listener = () => this.token.stop();

  static async of(module, signal) {
    const glue = await module.get();
    return new Stop(new glue.Stop(), signal);
  }

  constructor(token, signal) {
    this.token = token;
    this.#signal = signal;
    if (signal?.aborted) token.stop();
    signal?.addEventListener("abort", this.#listener);
  }

  free() {
    this.#signal?.removeEventListener("abort", this.#listener);
    this.token.free();
  }
}

function failed(thrown, id, signal) {
  const error = PerchError.from(thrown, signal?.aborted ? { cause: signal.reason } : undefined);
  error.operation ??= id;
  return error;
}

function keysOf(credentials = {}) {
  return Object.entries(credentials).flatMap(([slot, key]) => {
    if (key === undefined || key === null) return [];
    return [slot, ...(PAIRS[slot] ? PAIRS[slot].map((name) => String(key[name] ?? "")) : [String(key)])];
  });
}
