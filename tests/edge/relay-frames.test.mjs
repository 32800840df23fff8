// What a chat relay does with bytes, broken encodings and the many ways in which a socket ends.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { SHOP } from "../support/edge.mjs";
import { startPlatform } from "../support/platform.mjs";
import { Visitor } from "../support/visitor.mjs";
import { until, within } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const HEARTBEAT = { type: "EVENT_TYPE_HEARTBEAT", payload: {} };
const OPCODE = { text: 1, binary: 2, close: 8 };

let platform;
let world;
let visitor;
let received;
let peer;
const raw = [];
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform });
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});
beforeEach(async () => {
  received = [];
  peer = undefined;
  platform.socket = (ws, request, stream) => {
    peer = ws;
    peer.wire = stream;
    ws.on("message", (data, isBinary) => received.push(isBinary ? data : data.toString()));
  };
  visitor = await Visitor.open(world.edge.url);
});
afterEach(() => {
  for (const socket of raw.splice(0)) socket.destroy();
});

const open = async () => {
  const wire = await visitor.socket();
  await until("the platform's side is open", () => peer);
  return wire;
};

/** A socket of a visitor who writes frames byte by byte; `frames` are what came back, opcode and payload. */
async function bare() {
  const { hostname, port } = new URL(world.edge.url);
  const socket = connect({ host: hostname, port });
  raw.push(socket);
  socket.on("error", () => {});
  const query = new URLSearchParams({ ticket: await visitor.ticket() });
  socket.write(`GET /visitor/socket?${query} HTTP/1.1\r\nhost: ${hostname}:${port}\r\norigin: ${SHOP}\r\n`
    + "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  const [head] = await once(socket, "data");
  assert.match(head.toString(), /^HTTP\/1.1 101 /);
  await until("the platform's side is open", () => peer);
  let bytes = Buffer.alloc(0);
  const frames = [];
  socket.on("data", (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 2 && bytes[1] < 126 && bytes.length >= 2 + bytes[1]) {
      frames.push({ opcode: bytes[0] & 15, payload: bytes.subarray(2, 2 + bytes[1]) });
      bytes = bytes.subarray(2 + bytes[1]);
    }
  });
  const ended = once(socket, "close");
  return { socket, frames, ended, write: (opcode, payload, final = true) => socket.write(masked(opcode, payload, final)) };
}

/** A client's frame of less than 126 bytes; the mask is zero, which is a mask like any other. */
function masked(opcode, payload, final) {
  const bytes = Buffer.from(payload);
  return Buffer.concat([Buffer.from([(final ? 0x80 : 0) | opcode, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);
}

test("T72 text crosses byte by byte both ways; binary frames are refused, not mangled", async () => {
  const wire = await open();
  const text = '{"type":"EVENT_TYPE_USER_TYPING","payload":{"x":"\u{10ffff}\u2028 \\u0000 é e\u0301"}}';
  wire.send(text);
  peer.send(text);
  peer.send(Buffer.from([0, 255, 128, 7]), { binary: true });
  peer.send(text);
  await until("both arrive", () => received.length === 1 && wire.frames.length === 2);
  assert.deepEqual(received, [text]);
  assert.deepEqual(wire.frames, [text, text]);
  wire.send(Buffer.from([0, 255, 128, 7]));
  assert.equal((await within("the socket closes", wire.closed)).code, 1003);
  assert.deepEqual(received, [text]);
});

test("T71 a message in fragments is one frame, judged whole", async () => {
  const line = await bare();
  const text = JSON.stringify(HEARTBEAT);
  line.write(OPCODE.text, text.slice(0, 9), false);
  line.write(0, text.slice(9, 20), false);
  line.write(0, text.slice(20), true);
  await until("it arrives", () => received.length === 1);
  assert.deepEqual(received, [text]);
});

test("T77 bytes that are no UTF-8 reach the platform as U+FFFD, half a surrogate not at all", async () => {
  const line = await bare();
  const broken = [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]];
  for (const [at, bytes] of broken.entries()) {
    const around = [Buffer.from('{"type":"EVENT_TYPE_HEARTBEAT","x":"'), Buffer.from(bytes), Buffer.from('"}')];
    line.write(OPCODE.text, Buffer.concat(around));
    await until("it arrives", () => received.length === at + 1);
    assert.match(JSON.parse(received[at]).x, /^\ufffd+$/, bytes.join());
  }
  const wire = await open();
  wire.send('{"type":"EVENT_TYPE_HEARTBEAT","payload":{"a":"\\ud83d"}}');
  await until("it is answered", () => wire.frames.length === 1);
  assert.equal(received.length, broken.length);
  await wire.close();
});

test("T77 a frame with the same key twice, at any depth, is answered here", async () => {
  const wire = await open();
  const twice = ['{"type":"EVENT_TYPE_HEARTBEAT","payload":{},"payload":{}}', '{"type":"EVENT_TYPE_HEARTBEAT","payload":{"a":{"b":1,"\\u0062":2}}}',
    '{"type":"EVENT_TYPE_HEARTBEAT","payload":[[{"a":1,"a":1}]]}', '{"\\u0074ype":"EVENT_TYPE_HEARTBEAT","type":"EVENT_TYPE_HEARTBEAT"}'];
  for (const text of twice) wire.send(text);
  await until("each is answered", () => wire.frames.length === twice.length);
  assert.deepEqual(received, []);
  await wire.close();
});

test("T73 every code that may be sent crosses down, and what may not becomes 1011", async () => {
  for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4001, 4999]) {
    const wire = await open();
    peer.close(code, "its reason stays");
    const closed = await within(`${code} comes down`, wire.closed);
    assert.deepEqual([closed.code, closed.reason], [code, ""]);
    peer = undefined;
    visitor = await Visitor.open(world.edge.url);
  }
});

test("T73 1005 and 1006 are said in codes that exist: a platform's as 1011, a visitor's as 1000 and 1011", async () => {
  const noCode = await open();
  peer.close();
  assert.equal((await within("no code comes down", noCode.closed)).code, 1011);
  peer = undefined;
  const cut = await open();
  peer.terminate();
  assert.equal((await within("a cut comes down", cut.closed)).code, 1011);

  for (const [leave, code] of [[(line) => line.write(OPCODE.close, ""), 1000], [(line) => line.socket.destroy(), 1011]]) {
    peer = undefined;
    const line = await bare();
    const ended = new Promise((done) => peer.once("close", done));
    leave(line);
    assert.equal(await within("the platform's side closes", ended), code);
  }
});

test("T73 a visitor's going away goes up as it is, and its close is answered", async () => {
  const line = await bare();
  const ended = new Promise((done) => peer.once("close", (code, reason) => done([code, reason.toString()])));
  line.write(OPCODE.close, Buffer.concat([Buffer.from([1001 >> 8, 1001 & 255]), Buffer.from("tab closed")]));
  assert.deepEqual(await within("it goes up", ended), [1001, "tab closed"]);
  await until("it is answered", () => line.frames.some(({ opcode }) => opcode === OPCODE.close));
  assert.equal(line.frames.at(-1).payload.readUInt16BE(0), 1001);
});

test("T73 a platform that dies without a word closes the visitor's socket within a second", async () => {
  const took = [];
  // The machine may be busy with something else once, not three times.
  for (let at = 0; at < 3; at += 1) {
    peer = undefined;
    const wire = await open();
    const died = Date.now();
    peer.wire.destroy();
    const closed = await within("the socket closes", wire.closed);
    assert.equal(closed.code, 1011);
    took.push(closed.at - died);
  }
  assert.ok(Math.min(...took) <= 1_000, `${took} ms`);
});

test("a platform's frame with the token behind JSON's escapes stays here", async () => {
  const wire = await open();
  // `a.b.c` is the token that this platform mints.
  for (const spelling of ["a.b.c", "\\u0061.b.c", "a\\u002eb.\\u0063", "\\u0061\\u002E\\u0062\\u002e\\u0063"]) {
    peer.send(`{"type":"EVENT_TYPE_SYSTEM_MESSAGE","payload":{"message":"x${spelling}y"}}`);
  }
  peer.send('{"type":"EVENT_TYPE_SYSTEM_MESSAGE","payload":{"message":"plain"}}');
  await until("the next frame arrives", () => wire.frames.length > 0);
  assert.deepEqual(wire.frames.map((text) => JSON.parse(text).payload.message), ["plain"]);
  await wire.close();
});
