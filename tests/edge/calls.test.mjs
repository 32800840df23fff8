// Voice calls through the edge, as far as signalling goes: against the simulator's gateway.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Caller, frame, offer, SDP } from "../support/caller.mjs";
import { OTHER, SHOP } from "../support/edge.mjs";
import { assertRefused } from "../support/http.mjs";
import { forge, read } from "../support/tokens.mjs";
import { until, within } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const CALLS = { mode: "traditional", caller: "site-caller", callee: "site-callee" };

let world;
let edge;
let caller;
before(async () => {
  world = await startWorld({ site: { calls: CALLS } });
  edge = world.edge.url;
  caller = await Caller.open(edge);
});
after(() => world?.stop());

test("a call is offered, answered, heard of at its addresses and ended", async () => {
  const wire = await caller.line();
  wire.send(offer());
  const answer = await frame(wire, "answer");
  assert.match(answer.data.sdp, /^v=0[^]*a=rtpmap:111 opus/);
  assert.deepEqual(Object.keys(answer).sort(), ["data", "sessionId", "type"]);
  const candidate = await frame(wire, "ice-candidate");
  assert.match(candidate.data.candidate, /^candidate:/);
  assert.equal(candidate.sessionId, answer.sessionId);
  wire.send({ type: "ice-candidate", sessionId: answer.sessionId, data: { candidate: "", sdpMid: "0", sdpMLineIndex: 0 } });
  const health = async () => (await (await fetch(`${world.simulator.hosts.webrtc}/health`)).json()).activeSessions;
  assert.equal(await health(), 1);
  wire.send({ type: "close", sessionId: answer.sessionId });
  await until("the gateway's call is over", async () => (await health()) === 0);
  await wire.close();
});

test("T76 a mode, an agent or a token of the visitor's choice does not reach the gateway", async () => {
  const wire = await caller.line();
  wire.send(offer({ callSid: "web-2", caller: "+100", callee: "+200", mode: "echo", accountId: "ws-other", projectId: "PROJECT-other", authToken: "x" }));
  // The gateway refuses each of them.
  await frame(wire, "answer");
  await wire.close();
});

test("a lost signalling socket costs nothing: another one takes the call up, and only the same visitor's", async () => {
  const first = await caller.line();
  first.send(offer({ callSid: "web-3" }));
  const { sessionId } = await frame(first, "answer");
  first.socket.terminate();
  const stranger = await Caller.open(edge);
  const foreign = await stranger.line();
  foreign.send({ type: "ice-candidate", sessionId, data: { candidate: "" } });
  assert.equal((await frame(foreign, "error")).data.code, "INVALID_MESSAGE");
  await foreign.close();
  const second = await caller.line();
  second.send({ type: "ice-candidate", sessionId, data: { candidate: "" } });
  second.send(offer({ callSid: "web-3" }));
  assert.equal((await frame(second, "answer")).sessionId, sessionId, "the gateway knows the call again");
  second.send({ type: "close", sessionId });
  await second.close();
});

test("T70 a call's ticket opens one signalling socket and no chat, and a chat's no call", async () => {
  const ticket = await caller.callTicket();
  assertRefused(await caller.dial(ticket).refusal(), 401, "ticket_invalid");
  const wire = await caller.line(ticket);
  assertRefused(await caller.dialLine(ticket).refusal(), 401, "ticket_invalid");
  await wire.close();
  assertRefused(await caller.dialLine(await caller.ticket()).refusal(), 401, "ticket_invalid");
  const claims = read(await caller.callTicket());
  assert.equal(claims.expires - claims.issued, 30);
  const forged = forge(world.keys.root, "pt1", claims).replace(/^pt1/, "pk1");
  assertRefused(await caller.dialLine(forged).refusal(), 401, "ticket_invalid");
});

test("T17 a signalling socket of a page that is not listed is refused before anything is dialled", async () => {
  const requests = await world.simulator.during(async () => {
    for (const origin of [null, "null", "https://evil.example", `${SHOP}.evil.example`, OTHER]) {
      const refused = await caller.dialLine(await caller.callTicket(), origin).refusal();
      assert.ok([401, 403].includes(refused.status), `${origin}: ${refused.status}`);
    }
  });
  assert.deepEqual(requests.filter(({ path }) => path.includes("webrtc")), []);
});

test("a site without calls has none", async () => {
  const other = await Caller.open(edge, { site: "other", origin: OTHER });
  assert.deepEqual([caller.site.calls, other.site.calls], [true, undefined]);
  for (const path of ["/visitor/call/ticket", "/visitor/call/ice-servers"]) {
    assertRefused(await other.post(path, {}), 403, "calls_off", path);
    assertRefused(await other.post(path, {}, {}), 401, "token_invalid", path);
  }
});

test("helpers through firewalls come with their passwords and nothing else, and are asked for once", async () => {
  let first;
  const requests = await world.simulator.during(async () => {
    first = await caller.post("/visitor/call/ice-servers", {});
    assert.equal(first.status, 200, first.text);
    assert.equal((await (await Caller.open(edge)).post("/visitor/call/ice-servers", {})).text, first.text);
  });
  assert.equal(requests.filter(({ path }) => path.includes("ice-servers")).length, 1);
  const { iceServers, ...rest } = first.json;
  assert.deepEqual(rest, {});
  assert.ok(iceServers.some(({ credential }) => credential));
  for (const server of iceServers) {
    assert.deepEqual(Object.keys(server).filter((name) => !["urls", "username", "credential"].includes(name)), []);
    for (const url of server.urls) assert.match(url, /^(stun|turn)s?:/);
  }
  assert.equal(first.headers["cache-control"], "no-store");
});

test("T51 calls of a site are counted, whoever makes them", async () => {
  const small = await startWorld({ site: { calls: { per_minute: 2 } }, conversations: 0 });
  try {
    const one = await Caller.open(small.edge.url);
    await one.callTicket();
    await (await Caller.open(small.edge.url)).callTicket();
    const over = await one.post("/visitor/call/ticket", {});
    assertRefused(over, 429, "too_many_requests");
    assert.ok(Number(over.headers["retry-after"]) > 0);
  } finally {
    await small.stop();
  }
});

test("descriptions and addresses are in no log", async () => {
  const wire = await caller.line();
  wire.send(offer({ callSid: "web-9", data: { type: "offer", sdp: `${SDP}a=canary-sdp\r\n` } }));
  await frame(wire, "answer");
  wire.send({ type: "ice-candidate", data: { candidate: "candidate:canary-ice" } });
  wire.send('{"type":"offer","data":{"sdp":"canary-broken');
  await frame(wire, "error");
  await within("it closes", wire.close());
  const text = world.edge.output();
  for (const marker of ["canary-", "ice-ufrag", "192.0.2.10"]) assert.ok(!text.includes(marker), marker);
});
