// A visitor without a browser: session, tickets, socket.
import assert from "node:assert/strict";
import WebSocket from "ws";
import { SHOP } from "./edge.mjs";
import { call } from "./http.mjs";
import { within } from "./wait.mjs";

export class Visitor {
  constructor(edge, { site = "shop", origin = SHOP } = {}) {
    Object.assign(this, { edge, site, origin });
  }

  /** Opens a session, or takes up the one of `resume`. */
  static async open(edge, { resume, check, ...options } = {}) {
    const visitor = new Visitor(edge, options);
    const answer = await visitor.post("/visitor/session", { site: visitor.site, resume, check }, {});
    assert.ok(answer.status === 201 || answer.status === 200, answer.text);
    return Object.assign(visitor, answer.json);
  }

  /** A request of the visitor plane, with the token unless other headers are given. */
  post(path, body, headers = { authorization: `Bearer ${this.token}` }) {
    return call(this.edge, "POST", path, {
      headers: { origin: this.origin, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  async ticket() {
    const answer = await this.post("/visitor/ticket", {});
    assert.equal(answer.status, 201, answer.text);
    assert.ok(answer.json.expires_in <= 30);
    return answer.json.ticket;
  }

  /** An open socket, bought with a ticket of its own. */
  async socket({ cursor, ticket, origin = this.origin } = {}) {
    const wire = this.dial(ticket ?? (await this.ticket()), { cursor, origin });
    await wire.opened;
    return wire;
  }

  dial(ticket, { cursor, origin = this.origin } = {}) {
    const query = new URLSearchParams({ ticket, ...(cursor === undefined ? {} : { cursor }) });
    return new Wire(`${this.edge.replace("http", "ws")}/visitor/socket?${query}`, origin);
  }
}

/** One WebSocket: what came, in order, and how it ended. */
export class Wire {
  frames = [];
  #waiting = new Set();

  constructor(url, origin) {
    const headers = origin === null ? {} : { origin };
    this.socket = new WebSocket(url, { headers, maxPayload: 1 << 24 });
    this.opened = new Promise((done, failed) => {
      this.socket.once("open", done);
      this.socket.once("error", failed);
      this.socket.once("unexpected-response", (_, response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => {
          const { statusCode: status, headers } = response;
          const text = Buffer.concat(chunks).toString();
          const json = text.startsWith("{") ? JSON.parse(text) : null;
          failed(Object.assign(new Error(`refused: ${status}`), { answer: { status, headers, text, json } }));
        });
      });
    });
    // Whoever does not care how it opens need not catch it.
    this.opened.catch(() => {});
    this.closed = new Promise((done) => {
      this.socket.once("close", (code, reason) => done({ code, reason: reason.toString(), at: Date.now() }));
    });
    this.socket.on("message", (data, isBinary) => {
      this.frames.push(isBinary ? data : data.toString());
      for (const check of [...this.#waiting]) check();
    });
  }

  /** The refusal of a handshake. */
  async refusal() {
    const error = await within("a refused handshake", this.opened.then(() => null, (error) => error));
    assert.ok(error?.answer, "the handshake was not refused");
    return error.answer;
  }

  /** Every event so far, with batches unpacked. */
  events() {
    return this.frames
      .map((frame) => JSON.parse(frame))
      .flatMap((frame) => (frame.type === "EVENT_TYPE_EVENT_BATCH" ? frame.payload.events : [frame]));
  }

  send(frame) {
    this.socket.send(typeof frame === "string" || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  say(text, id = `c-${Math.random()}`) {
    this.send({
      type: "EVENT_TYPE_USER_MESSAGE",
      payload: { text },
      metadata: { custom: { client_event_id: id } },
    });
  }

  join() {
    this.send({ type: "EVENT_TYPE_REQUEST_POLY_AGENT_JOIN", payload: {} });
  }

  /** Waits for an event, also among those that came already. */
  event(what, matches) {
    const found = () => this.events().find(matches);
    return this.#until(`${what}, got ${this.events().map((event) => event.type)}`, found);
  }

  type(type) {
    return this.event(type, (event) => event.type === type);
  }

  /** Waits for a raw frame. */
  frame(what, matches) {
    return this.#until(what, () => this.frames.find(matches));
  }

  /** The text of every finished answer of the agent. */
  answers() {
    const texts = new Map();
    for (const { type, payload } of this.events()) {
      if (type !== "EVENT_TYPE_POLY_AGENT_MESSAGE_CHUNK") continue;
      const known = texts.get(payload.message_id) ?? { parts: [], complete: false };
      known.parts[payload.chunk_index] = payload.text;
      known.complete ||= payload.is_complete;
      texts.set(payload.message_id, known);
    }
    return [...texts.values()].filter((one) => one.complete).map((one) => one.parts.join(""));
  }

  answer(what, pattern) {
    return this.#until(`an answer ${what}`, () => this.answers().find((text) => pattern.test(text)));
  }

  close(code = 1000) {
    this.socket.close(code);
    return within("the socket closes", this.closed);
  }

  async #until(what, probe) {
    let check;
    const found = new Promise((done) => {
      check = () => {
        const value = probe();
        if (value !== undefined) done(value);
      };
    });
    this.#waiting.add(check);
    check();
    try {
      return await within(what, found);
    } finally {
      this.#waiting.delete(check);
    }
  }
}
