// The relay under hostile visitors and a hostile platform.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { assertRefused, call } from "../support/http.mjs";
import { startPlatform } from "../support/platform.mjs";
import { forge, read } from "../support/tokens.mjs";
import { Visitor } from "../support/visitor.mjs";
import { pause, until, within } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";
import { SHOP } from "../support/edge.mjs";

const HEARTBEAT = { type: "EVENT_TYPE_HEARTBEAT", payload: {} };
const MAX_FRAME = 131_072;

let platform;
let world;
let edge;
let visitor;
let received;
let peer;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform });
  edge = world.edge.url;
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});
beforeEach(async () => {
  received = [];
  peer = undefined;
  platform.answer = undefined;
  platform.refuse = 0;
  platform.socket = (ws) => {
    peer = ws;
    ws.on("message", (data, isBinary) => received.push(isBinary ? data : data.toString()));
  };
  visitor = await Visitor.open(edge);
  platform.handshakes.length = 0;
});

const open = async (options) => {
  const wire = await visitor.socket(options);
  await until("the platform's side is open", () => peer);
  return wire;
};
const isSystemError = (frame) => {
  const { type, payload } = JSON.parse(frame);
  return type === "EVENT_TYPE_SYSTEM_MESSAGE" && payload.level === "SYSTEM_MESSAGE_LEVEL_ERROR";
};

test("T70 a ticket opens one socket", async () => {
  const ticket = await visitor.ticket();
  const wire = await open({ ticket });
  assertRefused(await visitor.dial(ticket).refusal(), 401, "ticket_invalid");
  await wire.close();
  assertRefused(await visitor.dial(ticket).refusal(), 401, "ticket_invalid");
  assert.equal(platform.handshakes.length, 1);
});

test("T70 of twenty that race with one ticket exactly one wins", async () => {
  const ticket = await visitor.ticket();
  const wires = Array.from({ length: 20 }, () => visitor.dial(ticket));
  const outcomes = await Promise.allSettled(wires.map((wire) => wire.opened));
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  for (const { reason } of outcomes.filter(({ status }) => status === "rejected")) {
    assertRefused(reason.answer, 401, "ticket_invalid");
  }
  assert.equal(platform.handshakes.length, 1);
  for (const wire of wires) wire.socket.terminate();
});

test("T70 a ticket lives 30 seconds, and its signature alone is worth nothing", async () => {
  const claims = read(await visitor.ticket());
  assert.equal(claims.expires - claims.issued, 30);
  const now = Math.floor(Date.now() / 1000);
  const late = forge(world.keys.root, "pt1", { ...claims, expires: now - 1 });
  const neverIssued = forge(world.keys.root, "pt1", { ...claims, nonce: Buffer.alloc(16, 7) });
  for (const ticket of [late, neverIssued, "", "x"]) {
    assertRefused(await visitor.dial(ticket).refusal(), 401, "ticket_invalid", ticket.slice(0, 20));
  }
  assert.deepEqual(platform.handshakes, []);
});

test("the socket's address takes a ticket and a cursor and nothing else", async () => {
  const ticket = await visitor.ticket();
  const headers = { origin: SHOP, connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" };
  for (const query of [`ticket=${ticket}&session_id=x`, `ticket=${ticket}&access_token=x`, `ticket=${ticket}&ticket=x`,
    `ticket=${ticket}&cursor=x`, `ticket=${ticket}&cursor=1&cursor=2`, `ticket=${ticket}&cursor=-1`,
    `ticket=${ticket}&cursor=99999999999999999999`]) {
    const answer = await call(edge, "GET", `/visitor/socket?${query}`, { headers });
    assertRefused(answer, 400, "query_not_allowed", query.slice(-20));
  }
  const plain = await call(edge, "GET", `/visitor/socket?ticket=${ticket}`, { headers: { origin: SHOP } });
  assertRefused(plain, 426, "upgrade_required");
  assert.deepEqual(platform.handshakes, []);
  await (await open({ ticket })).close();
});

test("T24 the platform's handshake carries the kept session and nothing of the visitor's", async () => {
  const wire = await open({ cursor: 41 });
  const [{ url, headers }] = platform.handshakes;
  assert.equal(url, "/ws?session_id=s-1&access_token=a.b.c&cursor=41");
  for (const name of ["origin", "cookie", "authorization", "sec-websocket-protocol", "cf-connecting-ip", "referer"]) {
    assert.equal(headers[name], undefined, name);
  }
  await wire.close();
});

test("T71 a frame of the documented size passes, one byte more closes with 1009", async () => {
  const wire = await open();
  const frame = (size) => {
    const empty = JSON.stringify({ type: "EVENT_TYPE_USER_MESSAGE", payload: { text: "" } });
    return empty.replace('""', `"${"x".repeat(size - empty.length)}"`);
  };
  wire.send(frame(MAX_FRAME));
  await until("the largest frame arrives", () => received.length === 1);
  assert.equal(received[0].length, MAX_FRAME);
  wire.send(frame(MAX_FRAME + 1));
  assert.equal((await within("the socket closes", wire.closed)).code, 1009);
  assert.equal(received.length, 1);
});

test("T71 size is counted in bytes, not in characters", async () => {
  const wire = await open();
  wire.send({ type: "EVENT_TYPE_USER_MESSAGE", payload: { text: "ä".repeat(70_000) } });
  assert.equal((await within("the socket closes", wire.closed)).code, 1009);
  assert.deepEqual(received, []);
});

test("T71 a frame of many megabytes is refused before anything else looks at it", async () => {
  const other = await open();
  const wire = await visitor.socket();
  for (let at = 0; at < 30; at += 1) wire.send(HEARTBEAT);
  await until("the other socket's peer aside, thirty frames arrive", () => received.length === 30);
  // One more small frame would be refused for its rate: whoever counts frames never sees this one.
  wire.send({ type: "EVENT_TYPE_USER_MESSAGE", payload: { text: "x".repeat(24 << 20) } });
  assert.equal((await within("the socket closes", wire.closed)).code, 1009);
  other.send(HEARTBEAT);
  await until("the other socket is still good", () => received.length === 31);
  await other.close();
});

test("T71 a binary frame closes with 1003 and never reaches the platform", async () => {
  for (const bytes of [Buffer.from(JSON.stringify(HEARTBEAT)), Buffer.alloc(0), Buffer.alloc(200_000, 255)]) {
    const wire = await open();
    wire.send(bytes);
    assert.equal((await within("the socket closes", wire.closed)).code, 1003);
    peer = undefined;
  }
  assert.deepEqual(received, []);
});

test("T71 the thirty-first frame within ten seconds closes with 1008", async () => {
  const wire = await open();
  for (let at = 0; at < 30; at += 1) wire.send(HEARTBEAT);
  await until("thirty frames arrive", () => received.length === 30);
  wire.send(HEARTBEAT);
  assert.equal((await within("the socket closes", wire.closed)).code, 1008);
  assert.equal(received.length, 30);
});

test("T75 unknown and server-only events are answered here and not passed on", async () => {
  const wire = await open();
  const refused = [
    "EVENT_TYPE_SESSION_START", "EVENT_TYPE_SESSION_END", "EVENT_TYPE_POLY_AGENT_MESSAGE",
    "EVENT_TYPE_POLY_AGENT_MESSAGE_CHUNK", "EVENT_TYPE_LIVE_AGENT_JOINED", "EVENT_TYPE_EVENT_BATCH",
    "EVENT_TYPE_SYSTEM_MESSAGE", "EVENT_TYPE_LANGUAGE_CHANGED", "EVENT_TYPE_LINK_TO_WEBRTC_CONVERSATION",
    "EVENT_TYPE_MADE_UP", "event_type_heartbeat", "", "EVENT_TYPE_HEARTBEAT ",
  ];
  for (const [at, type] of refused.entries()) {
    wire.send({ type, payload: { text: "hi" } });
    await until(`an answer to ${type}`, () => wire.frames.length === at + 1);
    assert.ok(isSystemError(wire.frames[at]), type);
  }
  wire.send(HEARTBEAT);
  await until("the socket is still good", () => received.length === 1);
  assert.deepEqual(received.map((text) => JSON.parse(text)), [HEARTBEAT]);
  await wire.close();
});

test("T77 what is no event is answered here and not passed on", async () => {
  const wire = await open();
  const nonsense = [
    "", " ", "x", "{", "[]", "null", "7", '"EVENT_TYPE_HEARTBEAT"', "{}", '{"type":null}', '{"type":7}',
    '{"type":["EVENT_TYPE_HEARTBEAT"]}', '{"TYPE":"EVENT_TYPE_HEARTBEAT"}', '{"type":"EVENT_TYPE_HEARTBEAT"}}',
    '{"type":"EVENT_TYPE_HEARTBEAT",}', '{"type":"EVENT_TYPE_HEARTBEAT","type":"EVENT_TYPE_SESSION_END"}',
    '{"type":"EVENT_TYPE_SESSION_END","type":"EVENT_TYPE_HEARTBEAT"}',
    `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
    `{"type":"EVENT_TYPE_HEARTBEAT","payload":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`,
  ];
  for (const [at, text] of nonsense.entries()) {
    wire.send(text);
    await until(`an answer to ${text.slice(0, 60)}`, () => wire.frames.length > at);
    assert.ok(isSystemError(wire.frames[at]), text.slice(0, 60));
  }
  wire.send(HEARTBEAT);
  await until("the socket is still good", () => received.length > 0);
  assert.deepEqual(received.map((text) => JSON.parse(text)), [HEARTBEAT]);
  await wire.close();
});

test("T72 frames arrive byte by byte as sent, both ways", async () => {
  const wire = await open();
  const odd = '{ "type" : "EVENT_TYPE_USER_MESSAGE",  "payload":{"text":"ß \\ud83d\\ude42 🙂 \\u0000"}, "metadata":{"custom":{"a":1.50}} }';
  wire.send(odd);
  await until("the frame arrives", () => received.length === 1);
  assert.equal(received[0], odd);
  const large = JSON.stringify({ type: "EVENT_TYPE_NEW_THING", payload: { text: "ü".repeat(300_000) } });
  for (const frame of [odd, large]) peer.send(frame);
  await until("both frames arrive", () => wire.frames.length === 2);
  assert.deepEqual(wire.frames, [odd, large]);
  await wire.close();
});

test("malformed JSON and binary frames of the platform are dropped, and nothing after them is lost", async () => {
  const wire = await open();
  const good = (n) => JSON.stringify({ id: `e-${n}`, sequence: n, type: "EVENT_TYPE_POLY_AGENT_THINKING", payload: {} });
  const bad = ["", "{", "not json", '{"type":"EVENT_TYPE_SESSION_END"', "<html>", '{"a":1}{"b":2}', "NaN"];
  peer.send(good(0));
  for (const [at, text] of bad.entries()) {
    peer.send(text);
    peer.send(Buffer.from(good(99)), { binary: true });
    peer.send(good(at + 1));
  }
  await until("every good frame arrives", () => wire.frames.length >= bad.length + 1);
  assert.deepEqual(wire.frames, Array.from({ length: bad.length + 1 }, (_, at) => good(at)));
  wire.send(HEARTBEAT);
  await until("the visitor is still heard", () => received.length === 1);
  await wire.close();
});

test("T73 close codes travel both ways, the platform's reasons stay here", async () => {
  for (const [code, reason] of [[1000, ""], [1001, "going away"], [1008, "policy"], [4001, "expired"], [4999, "token a.b.c"]]) {
    const wire = await open();
    peer.close(code, reason);
    const { code: got, reason: why } = await within(`${code} comes down`, wire.closed);
    assert.deepEqual([got, why], [code, ""]);
    peer = undefined;
  }
  for (const [code, reason] of [[1000, "bye"], [4000, "tab closed"]]) {
    const wire = await open();
    const ended = new Promise((done) => peer.once("close", (got, why) => done([got, why.toString()])));
    wire.socket.close(code, reason);
    assert.deepEqual(await within(`${code} goes up`, ended), [code, reason]);
    peer = undefined;
  }
});

test("T73 a close without a code is a fault when the platform's, and 1000 when the visitor's", async () => {
  const down = await open();
  peer.close();
  assert.equal((await within("it comes down", down.closed)).code, 1011, "1000 would end the conversation");
  peer = undefined;
  const up = await open();
  const ended = new Promise((done) => peer.once("close", done));
  up.socket.close();
  assert.equal(await within("it goes up", ended), 1000);
});

test("T73 when the platform dies the visitor knows promptly", async () => {
  const wire = await open();
  const died = Date.now();
  peer.terminate();
  const { code, at } = await within("the socket closes", wire.closed);
  assert.ok(at - died < 5_000, `${at - died} ms`);
  assert.equal(code, 1011);
});

test("T73 when the visitor dies the platform knows promptly", async () => {
  const wire = await open();
  const ended = new Promise((done) => peer.once("close", () => done(Date.now())));
  const died = Date.now();
  wire.socket.terminate();
  assert.ok((await within("the platform's side closes", ended)) - died < 5_000);
});

test("a platform that knows the session no more closes with 4001, any other trouble with 1013", async () => {
  for (const [status, code] of [[401, 4001], [404, 4001], [429, 1013], [500, 1013], [503, 1013], [302, 1013], [200, 1013]]) {
    visitor = await Visitor.open(edge);
    platform.refuse = status;
    const wire = await visitor.socket();
    assert.equal((await within("the socket closes", wire.closed)).code, code, `${status}`);
  }
});

test("T74 a lost session is over: its handle brings a new one and its token no ticket", async () => {
  platform.refuse = 404;
  const wire = await visitor.socket();
  assert.equal((await within("the socket closes", wire.closed)).code, 4001);
  platform.refuse = 0;
  assert.equal((await visitor.post("/visitor/ticket", {})).status, 409);
  const next = await Visitor.open(edge, { resume: visitor.resume });
  assert.equal(next.resumed, false);
});

test("T74 a conversation that ended is not resumed; a visitor's quoted end does not end it", async () => {
  const wire = await open();
  const texts = ['the "EVENT_TYPE_SESSION_END" event', "EVENT_TYPE_SESSION_END", '{"type":"EVENT_TYPE_SESSION_END"}'];
  const echoes = texts.map((text, at) => ({ id: `e-${at}`, sequence: at, type: "EVENT_TYPE_USER_MESSAGE",
    payload: { text, message_id: `m-${at}` } }));
  for (const echo of [...echoes, { type: "EVENT_TYPE_EVENT_BATCH", payload: { events: echoes } }]) {
    peer.send(JSON.stringify(echo));
  }
  await until("the echoes arrive", () => wire.frames.length === 4);
  await pause(100);
  assert.equal((await Visitor.open(edge, { resume: visitor.resume })).resumed, true);

  peer.send(JSON.stringify({ id: "e-2", sequence: 2, type: "EVENT_TYPE_SESSION_END", payload: { reason: "REASON_USER_END" } }));
  await until("the end arrives", () => wire.frames.length === 5);
  // Who has read of the end never gets the session back.
  assert.equal((await Visitor.open(edge, { resume: visitor.resume })).resumed, false);
  await wire.close();
});

test("T74 an end inside the history counts, in both forms of a batch", async () => {
  const end = { id: "e-2", sequence: 2, type: "EVENT_TYPE_SESSION_END", payload: {} };
  const batch = (form) => ({ type: "EVENT_TYPE_EVENT_BATCH", [form]: { events: [end] } });
  const nested = { type: "EVENT_TYPE_EVENT_BATCH", payload: { events: [batch("event_batch")] } };
  for (const frame of [batch("payload"), batch("event_batch"), nested]) {
    visitor = await Visitor.open(edge);
    peer = undefined;
    const wire = await open();
    peer.send(JSON.stringify(frame));
    await until("the session is over", async () => (await visitor.post("/visitor/ticket", {})).status === 409);
    await wire.close();
  }
});

test("T30 a platform that echoes the address it was dialled at is not passed on", async () => {
  platform.socket = (ws, { url }) => {
    peer = ws;
    ws.send(JSON.stringify({ type: "EVENT_TYPE_SYSTEM_MESSAGE", payload: { message: `bad request: ${url}` } }));
    ws.send(JSON.stringify({ type: "EVENT_TYPE_SYSTEM_MESSAGE", payload: { message: "plain" } }));
  };
  const wire = await open();
  await until("the next frame arrives", () => wire.frames.length > 0);
  assert.deepEqual(wire.frames.map((text) => JSON.parse(text).payload.message), ["plain"]);
  await wire.close();
});

test("T51 unused tickets are bounded, and used ones make room", async () => {
  const tickets = [];
  for (let at = 0; at < 10; at += 1) tickets.push(await visitor.ticket());
  const over = await visitor.post("/visitor/ticket", {});
  assertRefused(over, 429, "too_many_requests");
  assert.ok(Number(over.headers["retry-after"]) > 0);
  await (await open({ ticket: tickets[0] })).close();
  await visitor.ticket();
});

test("many sockets of one visitor at once do not disturb each other", async () => {
  const peers = [];
  platform.socket = (ws) => peers.push(ws);
  const wires = await Promise.all(Array.from({ length: 8 }, () => visitor.socket()));
  await until("all are open", () => peers.length === 8);
  peers.forEach((ws, at) => ws.send(JSON.stringify({ n: at })));
  await until("each has its frame", () => wires.every((wire) => wire.frames.length === 1));
  assert.deepEqual(wires.map((wire) => JSON.parse(wire.frames[0]).n).sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
  await Promise.all(wires.map((wire) => wire.close()));
});
