// Any operation of the platform by its id.
import { PerchError } from "./error.js";
import { perch, within } from "./module.js";
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
  #made;

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
  async call(id, { path, query, body, signal, timeout } = {}) {
    const off = ending(signal);
    try {
      const sent = await encode(body);
      const client = await (this.#made ??= this.#start());
      const answer = await client.call(id, flat(path), flat(query), sent.kind, sent.bytes, sent.filename, timeout, off.promise);
      return decode(answer);
    } catch (thrown) {
      const error = PerchError.from(thrown, signal?.aborted ? { cause: signal.reason } : undefined);
      error.operation ??= id;
      throw error;
    } finally {
      off.clear();
    }
  }

  #start() {
    const made = within(perch, this.#make);
    // What failed may succeed the next time.
    made.catch(() => (this.#made = undefined));
    return made;
  }
}

/** The rows of all operations. */
export const operations = () => within(perch, (glue) => JSON.parse(glue.operations()));

/** A promise that settles when the signal says so, or when nobody needs it any more. */
function ending(signal) {
  if (!signal) return { clear() {} };
  let stop;
  const promise = new Promise((done) => (stop = done));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  return {
    promise,
    clear() {
      signal.removeEventListener("abort", stop);
      // A promise that never settles would keep the wasm side's callbacks for ever.
      stop();
    },
  };
}

function keysOf(credentials = {}) {
  return Object.entries(credentials).flatMap(([slot, key]) => {
    if (key === undefined || key === null) return [];
    return [slot, ...(PAIRS[slot] ? PAIRS[slot].map((name) => String(key[name] ?? "")) : [String(key)])];
  });
}
