// Voice calls under hostile visitors and a hostile gateway.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { Caller, frame, offer, SDP } from "../support/caller.mjs";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { startPlatform } from "../support/platform.mjs";
import { until, within } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const CALLS = { variant_id: "site-variant", agent_version: { artifact: "a-1", functions: "f-1" }, caller: "site-caller" };
/** All that an offer may hold when the visitor chose the call's id. */
const OFFER = {
  type: "offer", sessionId: "", callSid: "web-1", data: { type: "offer", sdp: SDP }, accountId: ACCOUNT, projectId: PROJECT,
  variantId: "site-variant", agentVersionOverride: { artifactVersion: "a-1", lambdaDeploymentVersion: "f-1" }, caller: "site-caller",
};

let platform;
let world;
let caller;
let received;
let peer;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform, site: { calls: CALLS } });
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});
beforeEach(async () => {
  received = [];
  peer = undefined;
  platform.refuse = 0;
  platform.socket = (ws) => {
    peer = ws;
    ws.on("message", (data, isBinary) => received.push(isBinary ? data : data.toString()));
  };
  caller = await Caller.open(world.edge.url);
  platform.handshakes.length = 0;
});

const token = () => world.keys.platform.web_calling;
const open = async () => {
  const wire = await caller.line();
  await until("the gateway's side is open", () => peer);
  return wire;
};
const isRefused = (text) => JSON.parse(text).type === "error" && JSON.parse(text).data.code === "INVALID_MESSAGE";

test("T76 the first offer and every later one are the site's, whatever a visitor writes into them", async () => {
  const wire = await open();
  const [{ url, headers }] = platform.handshakes;
  assert.equal(url, "/api/v1/webrtc/signal");
  for (const name of ["origin", "cookie", "authorization", "sec-websocket-protocol"]) assert.equal(headers[name], undefined, name);
  const greedy = offer({
    authToken: "client-token", mode: "echo", accountId: "ws-theirs", projectId: "PROJECT-theirs", variantId: "v", caller: "+1", callee: "+2",
    agentVersionOverride: { artifactVersion: "x", lambdaDeploymentVersion: "y" }, AuthToken: "client-token", auth_token: "client-token", debug: true,
  });
  greedy.data.authToken = "client-token";
  wire.send(greedy);
  await until("the first offer arrives", () => received.length === 1);
  peer.send(JSON.stringify({ type: "answer", sessionId: "gw-1", data: { type: "answer", sdp: "v=0" } }));
  const { sessionId } = await frame(wire, "answer");
  wire.send({ ...greedy, sessionId });
  await until("the second offer arrives", () => received.length === 2);
  const expected = { ...OFFER, authToken: token() };
  assert.deepEqual(received.map((text) => JSON.parse(text)), [expected, { ...expected, sessionId: "gw-1" }]);
  await wire.close();
});

test("T76 no escape, no second name and no nesting brings a token of the visitor's to the gateway", async () => {
  const wire = await open();
  const data = JSON.stringify(offer().data);
  const tricks = [
    `{"type":"offer","\\u0061uthToken":"client-token","data":${data}}`,
    `{"type":"offer","authToken":{"authToken":"client-token"},"data":${data}}`,
    `{"type":"offer","authToken":["client-token"],"data":${data}}`,
    `{"type":"\\u006fffer","data":${data},"x":{"type":"offer","authToken":"client-token"}}`,
    `{"type":"offer","data":${data.replace("{", '{"authToken":"client-token",')}}`,
  ];
  const refused = [
    `{"type":"offer","authToken":"a","authToken":"client-token","data":${data}}`,
    `{"type":"offer","authToken":"a","\\u0061uthToken":"client-token","data":${data}}`,
    `{"type":"close","type":"offer","data":${data}}`,
    `[{"type":"offer","authToken":"client-token","data":${data}}]`,
    `{"type":["offer"],"data":${data}}`,
    `{"type":"offer","data":[${data}]}`,
    `{"type":"Offer","authToken":"client-token","data":${data}}`,
  ];
  for (const text of [...tricks, ...refused]) wire.send(text);
  await until("each is passed or answered", () => received.length === tricks.length && wire.frames.length === refused.length);
  for (const text of received) {
    assert.equal(JSON.parse(text).authToken, token());
    assert.ok(!text.includes("client-token"), text);
  }
  assert.ok(wire.frames.every(isRefused));
  await wire.close();
});

test("T76 a gateway that repeats the token everywhere tells no visitor", async () => {
  const wire = await open();
  wire.send(offer());
  await until("the offer arrives", () => received.length === 1);
  const secret = token();
  const escaped = [...secret].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  const spellings = [secret, secret.toUpperCase(), encodeURIComponent(secret), Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("hex")];
  for (const spelling of spellings) {
    for (const echo of [
      JSON.parse(received[0]),
      { type: "answer", sessionId: spelling, authToken: spelling, data: { type: "answer", sdp: `v=0\r\na=${spelling}` } },
      { type: "ice-candidate", sessionId: "gw-1", data: { candidate: `candidate:${spelling}`, sdpMid: "0" } },
      { type: "ice-candidate", sessionId: "gw-1", data: { candidate: "candidate:1", sdpMid: spelling } },
      { type: "error", sessionId: spelling, data: { code: spelling, message: `bad token ${spelling}` } },
      { type: spelling, note: spelling },
      { type: "close", sessionId: "", authToken: spelling, Auth_Token: spelling, reason: { authToken: spelling } },
    ].slice(0, spelling === secret ? 7 : 6)) {
      peer.send(JSON.stringify(echo));
    }
  }
  peer.send(`{"type":"error","data":{"code":"UNAUTHORIZED","message":"${escaped}"},"${escaped}":1}`);
  peer.send(JSON.stringify({ type: "pong", authToken: secret }));
  await frame(wire, "pong");
  const seen = wire.frames.join("\n").toLowerCase();
  for (const spelling of spellings) assert.ok(!seen.includes(spelling.toLowerCase()), "a spelling of the token");
  assert.ok(!seen.includes("authtoken") && !seen.includes("auth_token"));
  assert.ok(wire.frames.some((text) => JSON.parse(text).data?.message === "The call is not allowed."));
  await wire.close();
});

test("T71 frames of a call are bounded in size, kind and number", async () => {
  const large = await open();
  large.send(offer({ data: { type: "offer", sdp: "x".repeat(131_072) } }));
  assert.equal((await within("it closes", large.closed)).code, 1009);
  const binary = await caller.line();
  binary.send(Buffer.from(JSON.stringify(offer())));
  assert.equal((await within("it closes", binary.closed)).code, 1003);
  const many = await caller.line();
  for (let at = 0; at < 9; at += 1) many.send(offer());
  assert.equal((await within("it closes", many.closed)).code, 1008);
  await until("eight offers arrive", () => received.length === 8);
  const fast = await caller.line();
  for (let at = 0; at < 121; at += 1) fast.send({ type: "ping" });
  assert.equal((await within("it closes", fast.closed)).code, 1008);
});

test("T77 JSON that is deep, huge, broken or half a surrogate is answered here", async () => {
  const wire = await open();
  const nonsense = ["", "{", "[]", "null", `${"[".repeat(50_000)}${"]".repeat(50_000)}`, '{"type":"offer","data":{"sdp":"\\ud800"}}',
    `{"type":"offer","data":${'{"sdp":'.repeat(40)}1${"}".repeat(40)}}`, '{"type":"offer"}', '{"type":"ice-candidate","data":{"candidate":7}}'];
  for (const text of nonsense) wire.send(text);
  await until("each is answered", () => wire.frames.length === nonsense.length);
  assert.ok(wire.frames.every(isRefused));
  assert.deepEqual(received, []);
  wire.send(offer());
  await until("the line is still good", () => received.length === 1);
  await wire.close();
});

test("T73 a gateway's close and death reach the caller, and the other way", async () => {
  for (const [code, seen] of [[1000, 1000], [1008, 1008], [4003, 4003], [undefined, 1011]]) {
    const wire = await open();
    peer.close(code, code && `because ${token()}`);
    const closed = await within("it comes down", wire.closed);
    assert.deepEqual([closed.code, closed.reason], [seen, ""]);
    peer = undefined;
  }
  const dying = await open();
  peer.terminate();
  assert.equal((await within("it comes down", dying.closed)).code, 1011);
  peer = undefined;
  const wire = await open();
  const ended = new Promise((done) => peer.once("close", done));
  wire.socket.close(1000);
  assert.equal(await within("it goes up", ended), 1000);
});

test("a gateway that refuses or redirects closes the caller's socket with 1013", async () => {
  for (const status of [302, 401, 404, 503]) {
    platform.refuse = status;
    const wire = await caller.line();
    assert.equal((await within("it closes", wire.closed)).code, 1013, `${status}`);
  }
});

test("T74 a visitor's session that ends takes its calls with it", async () => {
  const wire = await open();
  wire.send(offer());
  await until("the offer arrives", () => received.length === 1);
  const ended = new Promise((done) => peer.once("close", done));
  assert.equal((await caller.post("/visitor/end", {})).status, 204);
  assert.equal((await within("the caller's side closes", wire.closed, 5_000)).code, 4001);
  await within("the gateway's side closes", ended, 5_000);
});
