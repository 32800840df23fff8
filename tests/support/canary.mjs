// Exchanges with a worker between a hostile platform and hostile callers; every byte that comes out is looked through.
import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Caller } from "./caller.mjs";
import { Dice } from "./dice.mjs";
import { emission, hangUp } from "./emission.mjs";
import { OPERATIONS, compose } from "./exchanges.mjs";
import { startHostile } from "./hostile.mjs";
import { Scanner } from "./markers.mjs";
import { Operator } from "./operator.mjs";
import { ROLES, addSessions } from "./roles.mjs";
import { forge, read } from "./tokens.mjs";
import { verdict } from "./verdict.mjs";
import { within } from "./wait.mjs";
import { startBareWorker } from "./workerd.mjs";

/** Starts a worker with everything that a worker can have, and markers as its further secrets. */
export async function startWhole({ keys, folder, hostile }) {
  const { secrets, ...options } = everything();
  const worker = await startWithOperators(keys, () => startBareWorker({ keys, folder, hosts: hostile.hosts(), ...options }));
  return Object.assign(worker, { secrets });
}

function everything() {
  const secrets = { context: mark("context"), backend: mark("backend") };
  const limits = Object.fromEntries(["site_sessions", "contexts", "resumes", "tickets", "messages", "chats", "turns"]
    .map((kind) => [`${kind}_per_minute`, 100_000]));
  const site = { calls: { per_minute: 100_000 }, context: { secret: "PERCH_SITE_SHOP_CONTEXT" }, limits };
  const vars = { POLYAI_CONTEXT_KID: "key-1", POLYAI_CONTEXT_SECRET: secrets.context, PERCH_SITE_SHOP_CONTEXT: secrets.backend };
  return { secrets, site, vars };
}

export class Canary {
  /** Found in what came out: exchange, secret, spelling, place. */
  findings = [];
  /** Found in what went to the platform: what belongs to callers, and keys of other operations. */
  strays = [];
  /** Answers that are not as every answer of the worker must be. */
  faults = [];
  statuses = new Map();
  counts = { exchanges: 0, asked: 0, bytes: 0, sockets: 0, frames: 0 };

  /** `begin` gets the hostile platform and starts the worker: `{ url, keys, output(), state }`. */
  static async start(seed, begin) {
    const canary = new Canary();
    const marks = { access: mark("access"), signing: mark("signing-secret") };
    canary.hostile = await startHostile(marks);
    canary.seed = seed;
    canary.worker = await begin(canary.hostile);
    const { keys, secrets = {}, operators } = canary.worker;
    canary.scanner = new Scanner({ ...keys.platform, ...secrets, root: keys.root, setup: keys.setup, ...marks });
    canary.operators = operators;
    // What callers hold is theirs, but nothing for the platform.
    canary.callers = new Scanner({ ...secrets, root: keys.root, setup: keys.setup });
    for (const [role, cookie] of Object.entries(canary.operators)) canary.callers.add(`cookie of ${role}`, cookie.split(".").at(-1));
    canary.keys = new Scanner(keys.platform);
    return canary;
  }

  /** Runs the exchanges of these numbers; equal seeds and numbers give equal exchanges. */
  async run(from, to, onFinding = () => {}) {
    for (let number = from; number < to; number += 1) {
      const before = this.total();
      await this.#exchange(number);
      if (this.total() > before) onFinding(number);
    }
  }

  total() {
    return this.findings.length + this.strays.length + this.faults.length;
  }

  /** Looks through what stays: the worker's log, and its storage on disk. */
  async rest() {
    const found = [];
    for (const { name, form } of this.scanner.search("log", this.worker.output())) found.push({ secret: name, form, place: "log" });
    for (const file of await filesIn(this.worker.state)) {
      const place = `storage ${file.split("/").slice(-2, -1)}`;
      // A journal may be gone by the time it is its turn; what was in it is in its database then.
      const content = await readFile(file).catch(() => null);
      for (const { name, form } of this.scanner.search("storage", content)) found.push({ secret: name, form, place });
    }
    return found;
  }

  async stop() {
    hangUp();
    await this.worker?.stop();
    this.hostile?.stop();
  }

  async #exchange(number) {
    const dice = new Dice(this.seed, number);
    if (!this.visitor) await this.#newVisitor();
    const { visitor, operators, worker } = this;
    const exchange = compose(dice, { visitor, operators, backend: worker.secrets?.backend, handle: this.handle });
    this.hostile.begin(new Dice(this.seed, number, "platform"));
    const came = exchange.plane === "socket" ? await this.#socket(exchange) : await emission(this.worker.url, exchange);
    this.counts.exchanges += 1;
    this.counts.asked += this.hostile.seen.length > 0 ? 1 : 0;
    const code = /"code":"(\w+)"/.exec(came.body.subarray(0, 200))?.[1] ?? "";
    const kind = `${exchange.plane} ${came.status} ${code}`.trim();
    this.statuses.set(kind, (this.statuses.get(kind) ?? 0) + 1);
    this.#lookThrough(number, exchange, came);
    for (const wrong of verdict(exchange, came, this.hostile.seen.length > 0)) this.faults.push({ number, about: `${exchange.plane} ${exchange.method} ${exchange.path}`, wrong });
    // What a backend vouched for is taken up by the next session that is opened.
    if (exchange.plane === "backend") this.handle = came.status === 201 ? JSON.parse(came.body).handle : null;
    // Over a budget or at its end: the next exchange has a visitor of its own.
    const spent = came.status === 429 || came.status === 409;
    if (spent && ["visitor", "socket"].includes(exchange.plane)) this.visitor = null;
  }

  #lookThrough(number, exchange, came) {
    const note = (list, place, found) => {
      for (const { name: secret, form } of found) list.push({ number, plane: exchange.plane, about: exchange.about, secret, form, place, status: came.status });
    };
    const places = { head: came.head.join("\n"), body: came.body, "body unpacked": came.unpacked, frames: came.frames?.join("\n"), close: came.close };
    for (const [place, content] of Object.entries(places)) {
      if (!content?.length) continue;
      this.counts.bytes += content.length;
      note(this.findings, place, this.scanner.search(place, content));
    }
    for (const { method, url, headers, body } of this.hostile.seen) {
      const told = `${method} ${url}\n${headers.join("\n")}\n${body}`;
      for (const scanner of [this.callers, this.theirs]) note(this.strays, "to the platform", scanner.search("to the platform", told));
      const extra = this.keys.search("to the platform", told).filter(({ name }) => !belongs(name, { method, url }));
      note(this.strays, "a key too many", extra);
    }
  }

  async #newVisitor() {
    this.hostile.begin(null);
    this.visitor = await Caller.open(this.worker.url);
    // Those of earlier ones are asked for no more.
    this.theirs = new Scanner({ "visitor token": this.visitor.token.split(".").at(-1) });
  }

  async #socket({ frames, cursor, line }) {
    const came = { status: 0, head: [], body: Buffer.alloc(0), unpacked: null };
    const answer = await this.visitor.post(line ? "/visitor/call/ticket" : "/visitor/ticket", {});
    if (answer.status !== 201) return { ...came, status: answer.status, head: Object.values(answer.headers), body: Buffer.from(answer.text) };
    const { ticket } = answer.json;
    const wire = line ? this.visitor.dialLine(ticket) : this.visitor.dial(ticket, { cursor });
    const opened = await wire.opened.then(() => true, () => false);
    if (!opened) return { ...came, status: 1 };
    for (const frame of frames) wire.send(frame);
    wire.send(line ? '{"type":"ping"}' : LAST);
    const last = new Promise((done) => wire.socket.on("message", (frame) => isLast(frame) && done()));
    // A frame before it may have been lost with the platform's connection.
    await within("the last frame or the end", Promise.race([wire.closed, last]), 5_000).catch(() => {});
    if (wire.socket.readyState === wire.socket.OPEN) wire.socket.close(1000);
    const { code, reason } = await within("the socket closes", wire.closed);
    this.counts.sockets += 1;
    this.counts.frames += wire.frames.length;
    return { ...came, status: code, frames: wire.frames.map(String), close: reason };
  }
}

const LAST = JSON.stringify({ type: "EVENT_TYPE_USER_MESSAGE", payload: { text: "the last one" } });
const isLast = (frame) => /"last":true|"pong"|is over/.test(frame);

/** A finding in words, with all it takes to see it again. */
export function describeFinding({ number, plane, about, secret, form, place, status }, seed) {
  return `exchange ${number} of seed ${seed} (${plane} ${about}, ${status}): ${secret} as ${form} in ${place}; `
    + `again: cargo xtask canary --seed ${seed} --only ${number}`;
}

// A key is that of the operation at this address. Whose exchange it came with does not matter: a kept list is
// asked for anew while others are served.
function belongs(name, { method, url }) {
  const path = url.split("?", 1)[0];
  if (path === "/api/v1/webrtc/signal") return name === "web_calling";
  const kinds = OPERATIONS.filter((one) => one.method === method && one.pattern.test(path)).map(({ credential }) => credential.replaceAll("-", "_"));
  // Two kinds have a second half.
  return kinds.some((kind) => name === kind || (["chat", "sms"].includes(kind) && name === `${kind}_connector`));
}

/** A worker with an operator of every role signed in, and a genuine cookie of a session that nobody opened. */
async function startWithOperators(keys, start) {
  const first = await start();
  const { cookie } = await Operator.signIn(first.url, keys.setup);
  await first.stop();
  const wanted = Object.fromEntries(ROLES.map((role) => [role, { role, pii: role === "publisher", stepped: true }]));
  const cookies = await addSessions(first.state, keys.root, cookie, { ...wanted, admin: { role: "admin", pii: true, stepped: true } });
  const nobody = `__Host-perch=${forge(keys.root, "po1", { ...read(cookie.split("=")[1]), session: randomBytes(16) })}`;
  return Object.assign(await start(), { operators: { ...cookies, nobody } });
}

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const mark = (name) => `canary-${name}-${randomBytes(15).toString("hex")}`;
