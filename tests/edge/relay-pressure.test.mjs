// Visitors who read slowly or not at all: what waits for them is bounded, and others do not notice.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { SHOP } from "../support/edge.mjs";
import { freshKeys } from "../support/keys.mjs";
import { startPlatform } from "../support/platform.mjs";
import { Visitor } from "../support/visitor.mjs";
import { pause, until, within } from "../support/wait.mjs";
import { startBareWorker } from "../support/workerd.mjs";

const FRAME = JSON.stringify({ type: "EVENT_TYPE_POLY_AGENT_MESSAGE", payload: { text: "x".repeat(100_000) } });
/** What the platform would say to each if it could; the kernel's own buffers hold a few megabytes of it. */
const FRAMES = 400;
/** Bytes the edge may hold for one visitor, and what the kernel may hold on both ways to it. */
const ROOM = 2 << 20;
const KERNEL = 24 << 20;

let folder;
let platform;
let worker;
let peers;
const stalled = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "perch-pressure-"));
  platform = await startPlatform();
  worker = await startBareWorker({ keys: freshKeys(), folder, hosts: platform.hosts() });
});
after(async () => {
  await worker?.stop();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  peers = [];
  platform.socket = (ws) => peers.push(ws);
});
afterEach(() => {
  for (const socket of stalled.splice(0)) socket.destroy();
});

/** A visitor whose page has stopped reading: the handshake is read, nothing after it. */
async function stall(visitor) {
  const { hostname, port } = new URL(worker.url);
  const socket = connect({ host: hostname, port });
  stalled.push(socket);
  const query = new URLSearchParams({ ticket: await visitor.ticket() });
  socket.write(`GET /visitor/socket?${query} HTTP/1.1\r\nhost: ${hostname}:${port}\r\norigin: ${SHOP}\r\n`
    + "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  const [head] = await once(socket, "data");
  socket.pause();
  assert.match(head.toString(), /^HTTP\/1.1 101 /);
  const count = peers.length;
  return until("the platform's side is open", () => peers[count] ?? peers.at(-1));
}

/** Says everything as fast as the wire takes it; gives how much was said before the edge hung up. */
async function flood(peer) {
  let closed = null;
  const ended = once(peer, "close").then(([code]) => (closed = code));
  let bytes = 0;
  for (let at = 0; at < FRAMES && closed === null; at += 1) {
    const sent = new Promise((done) => peer.send(FRAME, done));
    await Promise.race([sent, ended]);
    bytes += FRAME.length;
    if (at % 8 === 0) await pause(1);
  }
  return { code: await within("the edge hangs up", ended), bytes };
}

const resident = async () => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${worker.pid()}/status`, "utf8"))[1]) * 1024;

test("T78 a visitor who stops reading is closed with 1013 before much waits", async () => {
  const visitor = await Visitor.open(worker.url);
  const { code, bytes } = await flood(await stall(visitor));
  assert.equal(code, 1013);
  assert.ok(bytes <= ROOM + KERNEL, `${bytes} bytes`);
  const again = await visitor.socket();
  await until("the platform's side is open again", () => peers.length === 2);
  peers[1].send(FRAME);
  await until("the same visitor reads again", () => again.frames.length === 1);
  await again.close();
});

test("T78 one visitor after another who stops reading leaves the process as large as it was", async () => {
  const wave = async () => {
    for (let at = 0; at < 6; at += 1) {
      const { code, bytes } = await flood(await stall(await Visitor.open(worker.url)));
      assert.equal(code, 1013);
      assert.ok(bytes <= ROOM + KERNEL, `${bytes} bytes`);
    }
    for (const socket of stalled.splice(0)) socket.destroy();
  };
  // The first bring the heap and the buffers that later ones use again.
  await wave();
  await wave();
  const before = await resident();
  for (let at = 0; at < 4; at += 1) await wave();
  const grown = (await resident()) - before;
  assert.ok(grown < 6 * (ROOM + KERNEL), `grew by ${grown} bytes over ${4 * 6} visitors`);
});

test("T78 a visitor who reads gets everything, however much, while another does not read", async () => {
  const visitor = await Visitor.open(worker.url);
  const reader = await visitor.socket();
  await until("the platform's side is open", () => peers.length === 1);
  const slow = await stall(visitor);
  const flooding = flood(slow);
  for (let at = 0; at < FRAMES; at += 1) {
    peers[0].send(FRAME);
    if (at % 8 === 0) await until("the reader keeps up", () => reader.frames.length > at - 8);
  }
  await until("everything arrives", () => reader.frames.length === FRAMES);
  assert.equal((await flooding).code, 1013);
  await reader.close();
});
