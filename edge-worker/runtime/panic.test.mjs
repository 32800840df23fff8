// What a panic in one request does to the others. Needs a build with the probe routes:
//   worker-build --profile wasm-release --out-dir build-probe --features panic-probe
//   PERCH_PROBE_BUILD=edge-worker/build-probe node --test edge-worker/runtime/panic.test.mjs
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startPlatform } from "./fake-platform.mjs";
import { startWorker } from "./worker.mjs";

const PAGE = "http://localhost:8788";
const build = process.env.PERCH_PROBE_BUILD;
const options = { skip: build ? false : "PERCH_PROBE_BUILD is not set" };
let platform;
let worker;
let cookie;
// A thousand stacks on the terminal would bury what a failed test has to say.
const logs = [];

before(async () => {
  if (!build) return;
  platform = await startPlatform();
  const { base } = platform;
  worker = await startWorker({
    build,
    onLog: (message) => logs.push(message),
    vars: {
      PERCH_REGION: "simulator",
      PERCH_SIMULATOR: JSON.stringify({ build: base, platform: base, messaging: base, webrtc: base }),
      PERCH_SITES: JSON.stringify([{ id: "shop", origins: [PAGE], account_id: "ws-1", project_id: "PROJECT-1",
        x_host: "shop.example", title: "Shop", agent_name: "Juno", accent: "#0a7", sessions_per_minute: 1000 }]),
      PERCH_PROJECTS: JSON.stringify([{ name: "Shop", account_id: "ws-1", project_id: "PROJECT-1", region: "us-1" }]),
      PERCH_ROOT_KEY: Buffer.alloc(32, 8).toString("base64url"),
      PERCH_SETUP_TOKEN: "setup-token-of-this-test",
      PERCH_SETUP_EXPIRES: "4000000000",
      POLYAI_WORKSPACE_KEY: "workspace",
      POLYAI_MESSAGING_CONNECTOR: "messaging",
    },
  });
  const signed = await ask("/operator/session", {
    method: "POST", headers: { "x-perch": "1" }, body: JSON.stringify({ setup_token: "setup-token-of-this-test" }),
  });
  cookie = signed.headers.get("set-cookie").split(";")[0];
});

after(async () => {
  await worker?.dispose();
  await platform?.dispose();
});

const ask = async (path, init = {}) => {
  const response = await fetch(worker.origin + path, { ...init, signal: AbortSignal.timeout(20_000) });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const post = async (path, body, headers = {}) =>
  JSON.parse((await ask(path, { method: "POST", headers: { origin: PAGE, ...headers }, body: JSON.stringify(body) })).text);
const proxied = (id) => ask(`/api/build/v1/agents/PROJECT-1/conversations/${id}`, { headers: { cookie } });

async function openSocket() {
  const { token } = await post("/visitor/session", { site: "shop" });
  const { ticket } = await post("/visitor/ticket", {}, { authorization: `Bearer ${token}` });
  const ws = new WebSocket(`${worker.origin.replace("http", "ws")}/visitor/socket?ticket=${ticket}`, { headers: { origin: PAGE } });
  const frames = [];
  ws.addEventListener("message", ({ data }) => frames.push(data));
  await new Promise((done, failed) => {
    ws.addEventListener("open", done);
    ws.addEventListener("error", failed);
  });
  return { ws, frames };
}

async function echoes({ ws, frames }, text) {
  ws.send(JSON.stringify({ type: "EVENT_TYPE_USER_MESSAGE", payload: { text } }));
  for (let turn = 0; turn < 100; turn += 1) {
    if (frames.some((frame) => frame.includes(text))) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  assert.fail(`no echo of ${text}`);
}

for (const kind of ["panic-now", "panic-later"]) {
  test(`T90 ${kind}: others in flight complete, the caller gets a fixed 500`, options, async () => {
    const link = await openSocket();
    const others = [
      ask("/probe/slow"), ask("/probe/slow"), ask("/probe/slow"), proxied("slow"), proxied("slow"),
      post("/visitor/session", { site: "shop" }).then(({ token }) => ({ status: token ? 200 : 500 })),
    ];
    await new Promise((done) => setTimeout(done, 200));
    const start = Date.now();
    const panics = await Promise.all(Array.from({ length: 5 }, () => ask(`/probe/${kind}`)));
    for (const { status, text } of panics) {
      assert.equal(status, 500);
      assert.equal(JSON.parse(text).error.code, "internal");
    }
    assert.ok(Date.now() - start < 5_000, "a panic is answered at once");
    await echoes(link, `during-${kind}`);
    assert.deepEqual((await Promise.all(others)).map(({ status }) => status), [200, 200, 200, 200, 200, 200]);
    await echoes(link, `after-${kind}`);
    assert.ok(logs.some((line) => line.includes("probe.rs")), "a panic is logged with its place");
    assert.equal((await ask("/probe/work")).text, "38890");
    link.ws.close();
  });
}

test("T90 the instance is replaced when nothing runs, and sockets outlive that", options, async () => {
  const link = await openSocket();
  const before = (await ask("/probe/born")).text;
  assert.equal((await ask("/probe/panic-now")).status, 500);
  let after = before;
  for (let turn = 0; turn < 100 && after === before; turn += 1) {
    await new Promise((done) => setTimeout(done, 50));
    after = (await ask("/probe/born")).text;
  }
  assert.notEqual(after, before);
  assert.equal((await ask("/probe/born")).text, after, "and then stays");
  await echoes(link, "on the new instance");
  assert.equal((await proxied("CA-1")).status, 200);
  assert.equal((await ask("/operator/session", { headers: { cookie } })).status, 200);
  // Old and new sockets have frame windows of their own: thirty frames of two would close one.
  const links = [link];
  for (let turn = 0; turn < 4; turn += 1) links.push(await openSocket());
  for (const [at, each] of links.entries()) {
    for (let turn = 0; turn < 20; turn += 1) await echoes(each, `socket ${at} frame ${turn}.`);
  }
  for (const { ws } of links) ws.close();
});

test("T90 a thousand panics in a row change nothing for anybody", options, async () => {
  const link = await openSocket();
  for (let round = 0; round < 20; round += 1) {
    const slow = ask("/probe/slow");
    const statuses = await Promise.all(
      Array.from({ length: 50 }, (_, at) => ask(at % 2 ? "/probe/panic-now" : "/probe/panic-later")),
    );
    assert.ok(statuses.every(({ status }) => status === 500));
    assert.equal((await proxied("CA-1")).status, 200);
    if (round % 5 === 0) assert.equal((await slow).status, 200);
    else await slow;
  }
  await echoes(link, "still here");
  link.ws.close();
});
