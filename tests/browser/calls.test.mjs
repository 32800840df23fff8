// A call from a page in Chromium through the edge, as far as signalling goes: the simulated gateway has no sound.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { startWorld } from "../support/world.mjs";

let world;
let browser;
let page;
before(async () => {
  world = await startWorld({ demo: true, conversations: 10, site: { calls: { mode: "end-to-end" } } });
  browser = await launch();
  page = await (await browser.newContext()).newPage();
  await page.goto(world.edge.demo);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

/** What a page does to call: everything it saw on the way. */
async function placeCall(edge) {
  const post = async (path, token, body = {}) => {
    const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(edge + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  };
  const { token } = await post("/visitor/session", null, { site: "shop" });
  const { iceServers } = await post("/visitor/call/ice-servers", token);
  const { ticket } = await post("/visitor/call/ticket", token);
  const peer = new RTCPeerConnection({ iceServers });
  peer.addTransceiver("audio", { direction: "sendrecv" });
  const socket = new WebSocket(`${edge.replace("http", "ws")}/visitor/call/socket?ticket=${ticket}`);
  await new Promise((done, failed) => Object.assign(socket, { onopen: done, onerror: failed }));
  const frames = [];
  let session = "";
  const waiting = [];
  const send = (frame) => socket.send(JSON.stringify({ sessionId: session, ...frame }));
  peer.onicecandidate = ({ candidate }) => {
    if (candidate) waiting.push({ type: "ice-candidate", data: candidate.toJSON() });
  };
  const answered = new Promise((done, failed) => {
    socket.onclose = ({ code }) => failed(new Error(`closed with ${code}`));
    socket.onmessage = async ({ data }) => {
      frames.push(data);
      const frame = JSON.parse(data);
      if (frame.type === "error") failed(new Error(data));
      if (frame.type === "answer") {
        session = frame.sessionId;
        await peer.setRemoteDescription(frame.data);
        done();
      }
      if (frame.type === "ice-candidate") await answered.then(() => peer.addIceCandidate(frame.data));
    };
  });
  await peer.setLocalDescription();
  send({ type: "offer", callSid: "web-1", data: { type: "offer", sdp: peer.localDescription.sdp } });
  await answered;
  for (const frame of waiting) send(frame);
  // A second offer of the same call, as after a change of network.
  const again = new Promise((done) => {
    const inner = socket.onmessage;
    socket.onmessage = async (event) => {
      await inner(event);
      if (JSON.parse(event.data).type === "answer") done();
    };
  });
  peer.restartIce();
  await peer.setLocalDescription();
  send({ type: "offer", data: { type: "offer", sdp: peer.localDescription.sdp } });
  await again;
  const { signalingState } = peer;
  const codec = peer.remoteDescription.sdp;
  const closed = new Promise((done) => (socket.onclose = ({ code }) => done(code)));
  send({ type: "close" });
  socket.close(1000);
  peer.close();
  return { frames, signalingState, codec, code: await closed, servers: iceServers.length };
}

test("a page calls: offer, answer, addresses, a second offer, and the end", async () => {
  const { frames, signalingState, codec, code, servers } = await page.evaluate(placeCall, world.edge.url);
  assert.equal(signalingState, "stable");
  assert.match(codec, /opus\/48000/);
  assert.equal(code, 1000);
  assert.ok(servers > 0);
  const types = frames.map((text) => JSON.parse(text).type);
  assert.ok(types.filter((type) => type === "answer").length >= 2 && types.includes("ice-candidate"), types.join());
  for (const key of Object.values(world.keys.platform)) assert.ok(!frames.join().includes(key), "a key in a frame");
});
