// What a panic does to calls, to other sockets and to Durable Objects. Needs the build with the probe routes, as
// panic.test.mjs does.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startPlatform } from "./fake-platform.mjs";
import { startWorker } from "./worker.mjs";

const PAGE = "http://localhost:8788";
const PANIC = "probe: panic";
const build = process.env.PERCH_PROBE_BUILD;
const options = { skip: build ? false : "PERCH_PROBE_BUILD is not set" };
let platform;
let worker;

before(async () => {
  if (!build) return;
  platform = await startPlatform();
  const { base } = platform;
  worker = await startWorker({
    build,
    onLog: () => {},
    vars: {
      PERCH_REGION: "simulator",
      PERCH_SIMULATOR: JSON.stringify({ build: base, platform: base, messaging: base, webrtc: base }),
      PERCH_SITES: JSON.stringify([{ id: "shop", origins: [PAGE], account_id: "ws-1", project_id: "PROJECT-1", x_host: "shop.example",
        title: "Shop", agent_name: "Juno", accent: "#0a7", sessions_per_minute: 1000, calls: { per_minute: 1000 } }]),
      PERCH_PROJECTS: "[]",
      PERCH_ROOT_KEY: Buffer.alloc(32, 8).toString("base64url"),
      POLYAI_MESSAGING_CONNECTOR: "messaging",
      POLYAI_WEB_CALLING: "web-calling",
    },
  });
});
after(async () => {
  await worker?.dispose();
  await platform?.dispose();
});

async function ask(path, init = {}) {
  const response = await fetch(worker.origin + path, { ...init, signal: AbortSignal.timeout(20_000) });
  return { status: response.status, text: await response.text() };
}
async function post(path, body, token) {
  const headers = { origin: PAGE, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const { status, text } = await ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status, ...JSON.parse(text || "{}") };
}
const visitor = () => post("/visitor/session", { site: "shop" });

/** An open socket: what came, and the code it closed with. */
async function open(path, ticket) {
  const ws = new WebSocket(`${worker.origin.replace("http", "ws")}${path}?ticket=${ticket}`, { headers: { origin: PAGE } });
  const link = { ws, frames: [], send: (frame) => ws.send(JSON.stringify(frame)) };
  ws.addEventListener("message", ({ data }) => link.frames.push(data));
  link.closed = new Promise((done) => ws.addEventListener("close", ({ code }) => done(code)));
  await new Promise((done, failed) => {
    ws.addEventListener("open", done);
    ws.addEventListener("error", failed);
  });
  return link;
}
const chat = async ({ token }) => open("/visitor/socket", (await post("/visitor/ticket", {}, token)).ticket);
const call = async ({ token }) => open("/visitor/call/socket", (await post("/visitor/call/ticket", {}, token)).ticket);

async function comes(what, { frames }, text) {
  for (let turn = 0; turn < 250; turn += 1) {
    if (frames.some((frame) => frame.includes(text))) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  assert.fail(`${what}: no frame with ${text}`);
}
async function chats(link, text) {
  link.send({ type: "EVENT_TYPE_USER_TYPING", payload: { text } });
  await comes("the chat", link, text);
}
async function calls(link, sdp) {
  link.send({ type: "offer", sessionId: "", data: { type: "offer", sdp } });
  await comes("the call", link, sdp);
}

test("T90 a panic over one frame closes that socket with 1011 and no other", options, async () => {
  const someone = await visitor();
  const others = [await chat(someone), await call(someone)];
  for (let round = 0; round < 3; round += 1) {
    const [unlucky, caller] = [await chat(await visitor()), await call(await visitor())];
    unlucky.send({ type: "EVENT_TYPE_USER_TYPING", payload: { text: PANIC } });
    assert.equal(await unlucky.closed, 1011);
    caller.send({ type: "offer", data: { type: "offer", sdp: PANIC } });
    assert.equal(await caller.closed, 1011);
    await chats(others[0], `round ${round}`);
    await calls(others[1], `v=0 round ${round}`);
  }
  for (const { ws } of others) ws.close();
});

test("T90 calls go on while requests beside them panic, and on the instance after", options, async () => {
  const someone = await visitor();
  const link = await call(someone);
  await calls(link, "v=0 before");
  const before = (await ask("/probe/born")).text;
  const panics = await Promise.all(Array.from({ length: 20 }, (_, at) => ask(at % 2 ? "/probe/panic-now" : "/probe/panic-later")));
  assert.deepEqual([...new Set(panics.map(({ status }) => status))], [500]);
  await calls(link, "v=0 during");
  let after = before;
  for (let turn = 0; turn < 100 && after === before; turn += 1) {
    await new Promise((done) => setTimeout(done, 50));
    after = (await ask("/probe/born")).text;
  }
  assert.notEqual(after, before, "the instance is replaced");
  await calls(link, "v=0 after");
  // The session's object is of the old instance, and its session goes on.
  await calls(await call(someone), "v=0 anew");
  link.ws.close();
});

test("T90 a panic in a session's object fails that question alone", options, async () => {
  const [hit, other] = [await visitor(), await visitor()];
  const links = [await chat(hit), await call(hit), await chat(other)];
  const slow = ask("/probe/slow");
  for (let round = 0; round < 5; round += 1) {
    assert.equal((await ask(`/probe/panic-object?${hit.session}`)).text, "500");
    assert.equal((await post("/visitor/ticket", {}, hit.token)).status, 201, "the same object answers the next question");
    assert.equal((await post("/visitor/ticket", {}, other.token)).status, 201);
  }
  await chats(links[0], "hit");
  await calls(links[1], "v=0 hit");
  await chats(links[2], "other");
  assert.equal((await slow).status, 200);
  const resumed = await post("/visitor/session", { site: "shop", resume: hit.resume });
  assert.equal(resumed.resumed, true);
  for (const { ws } of links) ws.close();
});
