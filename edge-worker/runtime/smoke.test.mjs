// The built worker in real workerd against a fake platform: every refusal, and what passes.
//   node --test edge-worker/runtime/smoke.test.mjs
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startPlatform } from "./fake-platform.mjs";
import { startWorker } from "./worker.mjs";

const PAGE = "https://shop.example";
const KEYS = {
  POLYAI_WORKSPACE_KEY: "canary-workspace-1",
  POLYAI_CONVERSATIONS_KEY: "canary-conversations-2",
  POLYAI_CHAT_KEY: "canary-chat-3",
  POLYAI_CHAT_CONNECTOR: "canary-chat-connector-4",
  POLYAI_MESSAGING_CONNECTOR: "canary-messaging-5",
  POLYAI_WEB_CALLING: "canary-web-calling-6",
  PERCH_SETUP_TOKEN: "canary-setup-7-long-enough",
  PERCH_ROOT_KEY: Buffer.alloc(32, 8).toString("base64url"),
};
const LIST = "/api/platform/v3/ws-1/PROJECT-1/conversations";
const DETAIL = "/api/build/v1/agents/PROJECT-1/conversations";

let platform;
let worker;
let files;
let cookie = "";
// Everything that came back from the worker, for the last test.
const received = [];

before(async () => {
  platform = await startPlatform();
  files = await mkdtemp(join(tmpdir(), "perch-smoke-"));
  await mkdir(join(files, "console"));
  await mkdir(join(files, "widget/h1"), { recursive: true });
  await writeFile(join(files, "perch.js"), "/* loader */");
  await writeFile(join(files, "console/index.html"), "<title>Console</title>");
  await writeFile(join(files, "widget/h1/widget.js"), "/* widget */");
  worker = await startWorker(config());
});

after(async () => {
  await worker?.dispose();
  await platform?.dispose();
  await rm(files, { recursive: true, force: true });
});

function config(changes = {}) {
  const { base } = platform;
  const hosts = { build: base, platform: base, messaging: base, webrtc: base };
  const site = {
    id: "shop", origins: [PAGE, "http://localhost:8788"], account_id: "ws-1", project_id: "PROJECT-1",
    x_host: "shop.example", title: "Shop", agent_name: "Juno", accent: "#0a7", streaming: true,
    sessions_per_minute: 1000,
  };
  const other = { ...site, id: "other", origins: ["https://other.example"], sessions_per_minute: 3 };
  const project = { name: "Shop", account_id: "ws-1", project_id: "PROJECT-1", region: "us-1" };
  return {
    assets: files,
    build: process.env.PERCH_WORKER_BUILD,
    vars: {
      PERCH_REGION: "simulator",
      PERCH_SIMULATOR: JSON.stringify(hosts),
      PERCH_SITES: JSON.stringify([site, other]),
      PERCH_PROJECTS: JSON.stringify([project]),
      PERCH_SETUP_EXPIRES: "4000000000",
      ...KEYS,
      ...changes,
    },
  };
}

async function ask(path, { method = "GET", headers = {}, body, json } = {}) {
  const response = await fetch(worker.origin + path, {
    method, headers, redirect: "manual", body: json === undefined ? body : JSON.stringify(json),
  });
  const text = await response.text();
  received.push(text, JSON.stringify([...response.headers]));
  let data = null;
  try {
    data = JSON.parse(text);
  } catch {
    // Not every answer is JSON.
  }
  return { status: response.status, headers: response.headers, text, data };
}

const visitor = (path, json = {}, headers = {}) =>
  ask(path, { method: "POST", json, headers: { origin: PAGE, ...headers } });
const bearer = (token) => ({ authorization: `Bearer ${token}` });
const operator = (path, options = {}) => ask(path, { ...options, headers: { cookie, ...options.headers } });

/** Expects this refusal, and that the platform saw nothing. */
async function refused(response, status, code) {
  const { data, headers } = await response;
  assert.equal(data?.error?.code, code);
  assert.equal((await response).status, status);
  assert.equal(headers.get("x-request-id"), data.request_id);
  assert.equal(headers.get("x-content-type-options"), "nosniff");
}

async function untouched(work) {
  const calls = (await platform.seen()).length;
  await work();
  assert.equal((await platform.seen()).length, calls, "the platform was called");
}

/** Changes one letter of a token's signature, whatever it was. */
const tamper = (token) => `${token.slice(0, -4)}${token.at(-4) === "A" ? "B" : "A"}${token.slice(-3)}`;

/** Sends a request target as it stands; `fetch` would tidy it up. */
function raw(target, method = "GET", headers = "", body = "") {
  const { hostname, port } = new URL(worker.origin);
  return new Promise((done, failed) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${method} ${target} HTTP/1.1\r\nHost: edge.test\r\nConnection: close\r\n${headers}\r\n${body}`));
    let text = "";
    socket.on("data", (chunk) => (text += chunk));
    socket.on("end", () => {
      received.push(text);
      done(Number(text.split(" ")[1]));
    });
    socket.on("error", failed);
  });
}

function socket(path, headers = { origin: PAGE }) {
  const ws = new WebSocket(worker.origin.replace("http", "ws") + path, { headers });
  const frames = [];
  ws.addEventListener("message", ({ data }) => {
    frames.push(data);
    received.push(String(data));
  });
  const opened = new Promise((done) => {
    ws.addEventListener("open", () => done(true));
    ws.addEventListener("error", () => done(false));
  });
  const closed = new Promise((done) => ws.addEventListener("close", ({ code }) => done(code)));
  return { ws, frames, opened, closed };
}

async function session(json = { site: "shop" }) {
  return (await visitor("/visitor/session", json)).data;
}

async function ticket(token) {
  return (await visitor("/visitor/ticket", {}, bearer(token))).data.ticket;
}

async function open(cursor) {
  const { token } = await session();
  const tail = cursor === undefined ? "" : `&cursor=${cursor}`;
  const link = socket(`/visitor/socket?ticket=${await ticket(token)}${tail}`);
  assert.equal(await link.opened, true);
  return link;
}

const said = (text) => JSON.stringify({ type: "EVENT_TYPE_USER_MESSAGE", payload: { text } });
const until = async (check) => {
  for (let turn = 0; turn < 100; turn += 1) {
    if (await check()) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  assert.fail("it did not happen in time");
};

describe("static and unknown", () => {
  test("health needs nothing", async () => {
    const { status, data } = await ask("/health");
    assert.deepEqual([status, data], [200, { status: "ok", version: "0.1.0" }]);
  });

  test("files have their headers", async () => {
    const loader = await ask("/perch.js");
    assert.equal(loader.headers.get("access-control-allow-origin"), "*");
    assert.match(loader.headers.get("content-type"), /javascript/);
    const widget = await ask("/widget/h1/widget.js");
    assert.match(widget.headers.get("cache-control"), /immutable/);
    const view = await ask("/console/conversations/CA-1");
    assert.match(view.text, /Console/);
    assert.match(view.headers.get("content-security-policy"), /'wasm-unsafe-eval'/);
    assert.equal(view.headers.get("access-control-allow-origin"), null);
    assert.equal((await ask("/console")).headers.get("location"), "/console/");
    assert.equal((await ask("/perch.js", { headers: { "if-none-match": loader.headers.get("etag") } })).status, 304);
  });

  test("unknown routes and methods end here", () => untouched(async () => {
    for (const path of ["/", "/api", "/api/", "/visitor", "/metrics", "/.env", "/widget/h2/widget.js"]) {
      await refused(ask(path), 404, "unknown_route");
    }
    await refused(ask("/health", { method: "POST" }), 405, "method_not_allowed");
    await refused(ask("/visitor/session", { headers: { origin: PAGE } }), 405, "method_not_allowed");
    assert.ok([400, 405, 501].includes(await raw("/health", "TRACE")));
  }));
});

describe("visitors", () => {
  test("only exact origins get in", () => untouched(async () => {
    for (const origin of ["null", "https://shop.example.evil.com", "https://evil-shop.example", "http://shop.example",
      "https://shop.example:8443", "https://SHOP.example", "https://shop.example.", "https://xn--shp-0na.example",
      "https://other.example", undefined]) {
      const response = visitor("/visitor/session", { site: "shop" }, origin ? { origin } : { origin: "" });
      await refused(response, 403, "origin_not_allowed");
      const allowed = (await response).headers.get("access-control-allow-origin");
      // Another site's page may read that it is refused here; nobody else may.
      assert.equal(allowed, origin === "https://other.example" ? origin : null);
      assert.match((await response).headers.get("vary"), /Origin/);
    }
    await refused(visitor("/visitor/session", { site: "none" }), 404, "unknown_route");
  }));

  test("preflights name one origin", async () => {
    const good = await ask("/visitor/ticket", { method: "OPTIONS", headers: { origin: PAGE } });
    assert.equal(good.status, 204);
    assert.equal(good.headers.get("access-control-allow-origin"), PAGE);
    assert.equal(good.headers.get("access-control-allow-credentials"), null);
    assert.match(good.headers.get("vary"), /Origin/);
    await refused(ask("/visitor/ticket", { method: "OPTIONS", headers: { origin: "https://evil.example" } }),
      403, "origin_not_allowed");
  });

  test("bad bodies are told so", () => untouched(async () => {
    for (const body of ["", "{", "[]", "{}", '{"site":7}', '{"site":"shop","admin":true}']) {
      await refused(ask("/visitor/session", { method: "POST", body, headers: { origin: PAGE } }), 400, "bad_body");
    }
    await refused(visitor("/visitor/session", { site: "x".repeat(20_000) }), 413, "too_large");
  }));

  test("a session comes, resumes, and gives nothing of the platform away", async () => {
    const first = await visitor("/visitor/session", { site: "shop" });
    assert.equal(first.status, 201);
    assert.match(first.data.token, /^pv1\./);
    assert.equal(first.data.resumed, false);
    assert.deepEqual(first.data.site, { id: "shop", title: "Shop", agent_name: "Juno", accent: "#0a7", streaming: true, theme: { mode: "auto", position: "right" } });
    const again = await visitor("/visitor/session", { site: "shop", resume: first.data.resume });
    assert.equal(again.status, 200);
    assert.equal(again.data.resumed, true);
    assert.equal(again.data.session, first.data.session);
    const forged = await session({ site: "shop", resume: tamper(first.data.resume) });
    assert.equal(forged.resumed, false);
    const minted = (await platform.seen()).find(({ path }) => path === "/api/v1/access-token");
    assert.equal(minted.headers["x-token"], KEYS.POLYAI_MESSAGING_CONNECTOR);
    assert.equal(minted.headers["x-host"], "shop.example");
  });

  test("tokens are theirs, whole and unspent", async () => {
    const { token, resume } = await session();
    const forged = [...token];
    forged[20] = forged[20] === "A" ? "B" : "A";
    await untouched(async () => {
      for (const wrong of [undefined, "", "x", forged.join(""), resume, `${token}x`, token.replace("pv1", "po1")]) {
        const headers = wrong === undefined ? {} : bearer(wrong);
        await refused(visitor("/visitor/ticket", {}, headers), 401, "token_invalid");
        await refused(visitor("/visitor/chat/create", {}, headers), 401, "token_invalid");
      }
      const elsewhere = { ...bearer(token), origin: "http://localhost:8788" };
      await refused(visitor("/visitor/ticket", {}, elsewhere), 401, "token_invalid");
      await refused(visitor("/visitor/ticket", {}, { ...bearer(token), origin: "https://evil.example" }),
        403, "origin_not_allowed");
      await refused(ask(`${LIST}?limit=1`, { headers: { cookie: `__Host-perch=${token}` } }), 401, "not_signed_in");
    });
  });

  test("the chat fallback keeps its conversation here", async () => {
    const { token } = await session();
    const call = (path, json) => visitor(`/visitor/chat/${path}`, json, bearer(token));
    await refused(call("respond", { message: "too early" }), 409, "session_ended");
    assert.deepEqual((await call("create", {})).data, { response: "Hello", ended: false, handoff: null });
    assert.deepEqual((await call("respond", { message: "hi" })).data.response, "You said hi");
    const last = (await call("respond", { message: "bye" })).data;
    assert.deepEqual(last, { response: "You said bye", ended: true, handoff: { destination: "desk", reason: "asked" } });
    assert.equal((await call("close", {})).data.ended, true);
    const { headers, path } = (await platform.seen()).find(({ path }) => path.endsWith("/chat/create"));
    assert.equal(path, "/v1/ws-1/PROJECT-1/chat/create");
    assert.equal(headers["x-api-key"], KEYS.POLYAI_CHAT_KEY);
    assert.equal(headers["x-token"], KEYS.POLYAI_CHAT_CONNECTOR);
  });

  test("a session has one chat at a time, also when two are begun at once", async () => {
    const { token } = await session();
    const call = (path, json = {}) => visitor(`/visitor/chat/${path}`, json, bearer(token));
    const created = async () => (await platform.seen()).filter(({ path }) => path.endsWith("/chat/create")).length;
    const before = await created();
    const race = await Promise.all([call("create"), call("create"), call("create")]);
    assert.deepEqual(race.map(({ status }) => status).sort(), [200, 409, 409]);
    await refused(call("create"), 409, "chat_open");
    assert.equal(await created(), before + 1);
    assert.equal((await call("close")).status, 200);
    assert.equal((await call("create")).status, 200);
  });

  test("a chat that could not be created is not in the way of the next", async () => {
    const { token } = await session();
    const call = (path) => visitor(`/visitor/chat/${path}`, {}, bearer(token));
    await platform.failNext("/chat/create");
    await refused(call("create"), 502, "upstream_refused");
    assert.equal((await call("create")).status, 200);
  });

  test("a session has a budget of chats, turns, tickets and resumes", async () => {
    const { token, resume } = await session();
    const call = (path, json = {}) => visitor(`/visitor/chat/${path}`, json, bearer(token));
    const spent = async (response) => {
      await refused(response, 429, "too_many_requests");
      const wait = Number((await response).headers.get("retry-after"));
      assert.ok(wait >= 1 && wait <= 61, `${wait}`);
    };
    for (let turn = 0; turn < 5; turn += 1) {
      assert.equal((await call("create")).status, 200);
      assert.equal((await call("close")).status, 200);
    }
    await untouched(() => spent(call("create")));

    const talker = await session();
    const say = () => visitor("/visitor/chat/respond", { message: "hi" }, bearer(talker.token));
    await visitor("/visitor/chat/create", {}, bearer(talker.token));
    for (let turn = 0; turn < 20; turn += 1) assert.equal((await say()).status, 200);
    await untouched(() => spent(say()));
    assert.equal((await visitor("/visitor/chat/close", {}, bearer(talker.token))).status, 200);

    for (let turn = 0; turn < 20; turn += 1) {
      const link = socket(`/visitor/socket?ticket=${await ticket(token)}`);
      assert.equal(await link.opened, true);
      link.ws.close();
    }
    await spent(visitor("/visitor/ticket", {}, bearer(token)));

    for (let turn = 0; turn < 60; turn += 1) {
      assert.equal((await visitor("/visitor/session", { site: "shop", resume })).status, 200);
    }
    await untouched(() => spent(visitor("/visitor/session", { site: "shop", resume })));
  });

  test("an address opens so many sessions a minute", async () => {
    const headers = { origin: "https://other.example" };
    for (let turn = 0; turn < 3; turn += 1) {
      assert.equal((await visitor("/visitor/session", { site: "other" }, headers)).status, 201);
    }
    const over = visitor("/visitor/session", { site: "other" }, headers);
    await refused(over, 429, "too_many_requests");
    const wait = Number((await over).headers.get("retry-after"));
    assert.ok(wait >= 1 && wait <= 61, `${wait}`);
  });
});

describe("sockets", () => {
  test("frames go both ways and the platform's token stays", async () => {
    const link = await open();
    await until(() => link.frames.length === 1);
    link.ws.send(said("hello"));
    await until(() => link.frames.length === 2);
    assert.equal(JSON.parse(link.frames[1]).payload.text, "hello");
    const dialled = (await platform.seen()).findLast(({ path }) => path === "/ws");
    assert.equal(dialled.search, `?session_id=platform-session-1&access_token=jwt-canary-access-6`);
    link.ws.close(4005, "done");
    assert.equal(await link.closed, 4005);
    await until(async () => (await platform.seen()).at(-1).path === "4005");
  });

  test("a ticket opens one socket, also when two race", async () => {
    const { token } = await session();
    const once = await ticket(token);
    const path = `/visitor/socket?ticket=${once}`;
    const race = await Promise.all([socket(path).opened, socket(path).opened, socket(path).opened]);
    assert.equal(race.filter(Boolean).length, 1);
    await untouched(async () => {
      assert.equal(await socket(path).opened, false);
      const upgrade = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n`;
      assert.equal(await raw(path, "GET", `Origin: ${PAGE}\r\n${upgrade}`), 401);
      assert.equal(await raw("/visitor/socket", "GET", `Origin: ${PAGE}\r\n${upgrade}`), 401);
      const fresh = await ticket(token);
      assert.equal(await raw(`/visitor/socket?ticket=${fresh}`, "GET", `Origin: https://evil.example\r\n${upgrade}`), 403);
      assert.equal(await raw(`/visitor/socket?ticket=${fresh}`, "GET", upgrade), 403);
      await refused(ask(`/visitor/socket?ticket=${fresh}`, { headers: { origin: PAGE } }), 426, "upgrade_required");
      assert.equal(await raw(`/visitor/socket?ticket=${token}`, "GET", `Origin: ${PAGE}\r\n${upgrade}`), 401);
    });
  });

  test("oversized, binary and too many frames close", async () => {
    const large = await open();
    large.ws.send(said("x".repeat(131_072)));
    assert.equal(await large.closed, 1009);
    const binary = await open();
    binary.ws.send(new Uint8Array([1, 2, 3]));
    assert.equal(await binary.closed, 1003);
    const many = await open();
    for (let turn = 0; turn < 31; turn += 1) many.ws.send(said(`${turn}`));
    assert.equal(await many.closed, 1008);
  });

  test("what is no client event is answered here", async () => {
    const link = await open();
    await until(() => link.frames.length === 1);
    const frames = (await platform.seen()).filter(({ method }) => method === "FRAME").length;
    for (const text of ["not json", "[]", "{}", '{"type":"EVENT_TYPE_SESSION_END"}',
      '{"type":"EVENT_TYPE_LIVE_AGENT_MESSAGE","payload":{"text":"hi"}}']) {
      link.ws.send(text);
    }
    await until(() => link.frames.length === 6);
    for (const frame of link.frames.slice(1)) {
      assert.equal(JSON.parse(frame).type, "EVENT_TYPE_SYSTEM_MESSAGE");
    }
    assert.equal((await platform.seen()).filter(({ method }) => method === "FRAME").length, frames);
    link.ws.close();
  });

  test("the platform's garbage is dropped and its close code arrives", async () => {
    const link = await open();
    link.ws.send(said("garbage"));
    link.ws.send(said("binary"));
    link.ws.send(said("close 4321"));
    assert.equal(await link.closed, 4321);
    const texts = link.frames.slice(1).map((frame) => JSON.parse(frame).payload.text);
    assert.deepEqual(texts, ["garbage", "binary"]);
  });

  test("a lost session and a busy platform have their codes", async () => {
    assert.equal(await (await open(404)).closed, 4001);
    assert.equal(await (await open(503)).closed, 1013);
  });

  test("an ended session is not resumed", async () => {
    const { token, resume } = await session();
    const link = socket(`/visitor/socket?ticket=${await ticket(token)}`);
    await link.opened;
    link.ws.send(said('a text with "EVENT_TYPE_SESSION_END" in it'));
    await until(() => link.frames.length === 2);
    assert.equal((await session({ site: "shop", resume })).resumed, true);
    link.ws.send(said("end"));
    await until(() => link.frames.length === 4);
    await until(async () => (await session({ site: "shop", resume })).resumed === false);
    await refused(visitor("/visitor/ticket", {}, bearer(token)), 409, "session_ended");
    link.ws.close();
  });
});

describe("operators", () => {
  test("sign-in works once, with the header, from here", async () => {
    const sign = (setup_token, headers = { "x-perch": "1" }) =>
      ask("/operator/session", { method: "POST", json: { setup_token }, headers });
    const right = KEYS.PERCH_SETUP_TOKEN;
    await refused(sign(right, {}), 403, "header_missing");
    await refused(sign(right, { "x-perch": "1", "sec-fetch-site": "cross-site" }), 403, "cross_site");
    await refused(sign(right, { "x-perch": "1", origin: PAGE }), 403, "cross_site");
    await refused(sign("wrong"), 401, "setup_invalid");
    // From an address whose cookie no browser would keep nothing is used up.
    const body = JSON.stringify({ setup_token: right });
    const status = await raw("/operator/session", "POST", `X-Perch: 1\r\nContent-Length: ${body.length}\r\n`, body);
    assert.equal(status, 403);
    assert.match(received.at(-1), /"insecure_origin"/);
    const race = await Promise.all([sign(right), sign(right), sign(right)]);
    assert.deepEqual(race.map(({ status }) => status).sort(), [200, 401, 401]);
    const { headers, data } = race.find(({ status }) => status === 200);
    const set = headers.get("set-cookie");
    assert.match(set, /^__Host-perch=po1\.[^;]+; Max-Age=43200; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    cookie = set.split(";")[0];
    assert.equal(data.role, "admin");
    assert.equal(data.pii, true);
    assert.deepEqual(data.projects, [{ name: "Shop", account_id: "ws-1", project_id: "PROJECT-1", region: "us-1" }]);
    await refused(sign(right), 401, "setup_invalid");
    assert.equal((await operator("/operator/session")).status, 200);
  });

  test("documented operations pass, with the key, without the rest", async () => {
    const { status, headers, data } = await operator(`${LIST}?limit=5&channel=chat`, {
      headers: { accept: "application/json", authorization: "Bearer evil", "x-api-key": "evil", "x-forwarded-host": "evil",
        "cf-connecting-ip": "6.6.6.6", "x-custom": "evil", connection: "keep-alive" },
    });
    assert.equal(status, 200);
    assert.equal(data.fill.length, 5);
    for (const name of ["set-cookie", "server", "access-control-allow-origin", "x-api-key"]) {
      assert.equal(headers.get(name), null, name);
    }
    assert.equal(headers.get("x-polyai-correlation-id"), "c-1");
    assert.match(headers.get("content-security-policy"), /default-src 'none'/);
    assert.equal(headers.get("cache-control"), "private, no-store");
    const seen = (await platform.seen()).at(-1);
    assert.equal(seen.search, "?limit=5&channel=chat");
    assert.equal(seen.headers["x-api-key"], KEYS.POLYAI_CONVERSATIONS_KEY);
    assert.match(seen.headers["user-agent"], /^perch-edge\//);
    for (const name of ["cookie", "authorization", "x-forwarded-host", "x-custom"]) {
      assert.equal(seen.headers[name], undefined, name);
    }
    // The local runtime adds its own; the caller's must not be in it.
    assert.notEqual(seen.headers["cf-connecting-ip"], "6.6.6.6");
    await operator(`${DETAIL}/CA-1`);
    assert.equal((await platform.seen()).at(-1).headers["x-api-key"], KEYS.POLYAI_WORKSPACE_KEY);
  });

  test("a redirect is not followed", async () => {
    await refused(operator(`${DETAIL}/redirected`), 502, "upstream_redirected");
  });

  test("everything else is refused here", () => untouched(async () => {
    await refused(ask(LIST), 401, "not_signed_in");
    await refused(ask(LIST, { headers: { cookie: tamper(cookie) } }), 401, "not_signed_in");
    await refused(operator(LIST, { headers: { "sec-fetch-site": "cross-site" } }), 403, "cross_site");
    await refused(operator(LIST, { method: "POST", json: {} }), 403, "header_missing");
    await refused(operator(LIST, { method: "POST", json: {}, headers: { "x-perch": "1" } }), 405, "method_not_allowed");
    await refused(operator(`${LIST}?evil=1`), 400, "query_not_allowed");
    for (const path of ["/api/platform/v3/ws-2/PROJECT-1/conversations", "/api/build/v1/agents/PROJECT-2/conversations/CA-1",
      "/api/platform/v9/ws-1/PROJECT-1/conversations", "/api/evil.example/v1", "/api/messaging/api/v1/sessions/x"]) {
      await refused(operator(path), 404, "unknown_route");
    }
    const minting = operator("/api/messaging/api/v1/access-token", { method: "POST", json: {}, headers: { "x-perch": "1" } });
    await refused(minting, 404, "unknown_route");
  }));

  test("path tricks end here", () => untouched(async () => {
    const auth = `Cookie: ${cookie}\r\n`;
    for (const tail of ["/..", "/../x", "/%2e%2e/x", "/%2E%2E", "/a%2fb", "/a%2Fb", "/a%5cb", "/a\\b", "/a;b", "/a@b",
      "/a%00", "/a%c0%ae", "//x", "/a%23b", "/a%3fb", "/a:b", "/%"]) {
      const status = await raw(DETAIL + tail, "GET", auth);
      assert.ok([400, 404].includes(status), `${tail} gave ${status}`);
    }
    for (const target of [`http://evil.example${DETAIL}/CA-1/../../x`, `/api/build@evil.example/v1`, "/api//evil.example/v1",
      "/api/build/http://evil.example/", "/\\evil.example/api", "/api/build%2f..%2fplatform/v1"]) {
      const status = await raw(target, "GET", auth);
      assert.ok([400, 404].includes(status), `${target} gave ${status}`);
    }
  }));

  // The runtime resolves single dots and cuts fragments before the worker sees the address.
  test("what the runtime tidies up reaches the platform tidy or not at all", async () => {
    for (const tail of ["/./CA-1", "/%2e/CA-1", "/CA-1#@evil.example/", "/CA-1#/../../x"]) {
      const calls = (await platform.seen()).length;
      const status = await raw(DETAIL + tail, "GET", `Cookie: ${cookie}\r\n`);
      const seen = (await platform.seen()).slice(calls);
      assert.ok([200, 400, 404].includes(status), `${tail} gave ${status}`);
      for (const { path } of seen) assert.equal(path, "/v1/agents/PROJECT-1/conversations/CA-1");
    }
  });

  test("sign-out ends the session", async () => {
    const out = await operator("/operator/session", { method: "DELETE", headers: { "x-perch": "1" } });
    assert.equal(out.status, 204);
    assert.match(out.headers.get("set-cookie"), /Max-Age=0/);
    await refused(operator("/operator/session"), 401, "not_signed_in");
    await refused(operator(LIST), 401, "not_signed_in");
  });
});

describe("the deployment", () => {
  test("configuration errors are said without values", async () => {
    const broken = await startWorker(config({ PERCH_SITES: '[{"id":"canary-config"}]' }));
    const response = await fetch(`${broken.origin}${LIST}`, { headers: { cookie: "__Host-perch=x" } });
    assert.equal(response.status, 503);
    received.push(await response.text());
    assert.equal((await fetch(`${broken.origin}/health`)).status, 200);
    await broken.dispose();
  });

  test("a dead platform closes sockets promptly", async () => {
    const link = await open();
    await until(() => link.frames.length === 1);
    const start = Date.now();
    await platform.dispose();
    const code = await link.closed;
    assert.ok(Date.now() - start < 5_000, `${Date.now() - start} ms`);
    assert.ok([1001, 1006, 1011].includes(code), `${code}`);
    await refused(visitor("/visitor/session", { site: "shop" }), 502, "upstream_unreachable");
  });

  test("no key was in anything that came back", () => {
    const all = received.join("\n");
    assert.ok(received.length > 100);
    for (const [name, value] of Object.entries(KEYS)) assert.ok(!all.includes(value), name);
    assert.ok(!all.includes("jwt-"), "platform token");
  });
});
