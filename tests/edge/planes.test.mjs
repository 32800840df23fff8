// Two planes on two host names, and what every answer of either has.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ACCOUNT, PROJECT, SHOP } from "../support/edge.mjs";
import { assertRefused, assertSecured, call } from "../support/http.mjs";
import { noConversations, startPlatform } from "../support/platform.mjs";
import { startWorld } from "../support/world.mjs";

const CHAT = "chat.fernhill.example";
const CONSOLE = "console.fernhill.example";
const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;

let platform;
let world;
before(async () => {
  platform = await startPlatform({ answer: noConversations });
  world = await startWorld({ platform, vars: { PERCH_VISITOR_HOST: CHAT, PERCH_CONSOLE_HOST: CONSOLE } });
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});

const at = (host, method, path, { headers = {}, body } = {}) =>
  call(world.edge.url, method, path, { headers: { host, ...headers }, body });
const json = { "content-type": "application/json" };
const open = (host) =>
  at(host, "POST", "/visitor/session", { headers: { ...json, origin: SHOP }, body: '{"site":"shop"}' });
const signIn = (host, setup_token) =>
  at(host, "POST", "/operator/session", { headers: { ...json, "x-perch": "1" }, body: JSON.stringify({ setup_token }) });

test("T05 each plane exists on its own host name only", async () => {
  const visitors = [
    ["POST", "/visitor/session"], ["GET", "/visitor/session"], ["POST", "/visitor/ticket"], ["GET", "/visitor/socket"],
    ["OPTIONS", "/visitor/session"], ["GET", "/perch.js"], ["GET", "/widget/x/widget.js"], ["GET", "/visitor/none"],
  ];
  const operators = [
    ["GET", "/console"], ["GET", "/console/"], ["GET", "/operator/session"], ["POST", "/operator/session"],
    ["PUT", "/operator/session"], ["GET", "/operator/metrics"], ["GET", "/health/upstream"], ["GET", LIST],
    ["DELETE", LIST], ["GET", "/api/none"],
  ];
  await platform.untouched(async () => {
    for (const [method, path] of visitors) {
      for (const host of [CONSOLE, `${CHAT}:8443`, "perch.workers.dev", "localhost"]) {
        assertRefused(await at(host, method, path), 404, "unknown_route", `${method} ${host}${path}`);
      }
    }
    for (const [method, path] of operators) {
      for (const host of [CHAT, `${CONSOLE}:8443`, "perch.workers.dev", "localhost"]) {
        assertRefused(await at(host, method, path), 404, "unknown_route", `${method} ${host}${path}`);
      }
    }
  });
  for (const host of [CHAT, CONSOLE, "perch.workers.dev"]) {
    assert.equal((await at(host, "GET", "/health/live")).status, 200, host);
    assert.equal((await at(host, "GET", "/health/ready")).status, 200, host);
  }
});

test("T05 visitors and operators are served where they belong, and their papers are good nowhere else", async () => {
  const opened = await open(CHAT);
  assert.equal(opened.status, 201, opened.text);
  const token = { origin: SHOP, authorization: `Bearer ${opened.json.token}` };
  assert.equal((await at(CHAT, "POST", "/visitor/ticket", { headers: token })).status, 201);
  assert.equal((await at(CHAT, "GET", "/perch.js")).status, 200);
  assertRefused(await at(CONSOLE, "GET", LIST, { headers: token }), 403, "cross_site");
  assertRefused(await at(CONSOLE, "GET", LIST, { headers: { authorization: token.authorization } }), 401, "not_signed_in");

  // A browser keeps no session of plain http at this name, which is the only way in here.
  assertRefused(await signIn(CONSOLE, world.keys.setup), 403, "insecure_origin");
  assertRefused(await signIn(CHAT, world.keys.setup), 404, "unknown_route");
  assert.equal((await at(CONSOLE, "GET", "/console/")).status, 200);
});

test("T29 answers of either plane bear the security headers, refusals too", async () => {
  const asked = [
    [CHAT, "POST", "/visitor/session", {}],
    [CHAT, "POST", "/visitor/ticket", { headers: { origin: SHOP } }],
    [CHAT, "OPTIONS", "/visitor/session", { headers: { origin: SHOP } }],
    [CHAT, "GET", "/visitor/socket", { headers: { origin: SHOP } }],
    [CHAT, "GET", "/visitor/none", {}],
    [CHAT, "GET", "/perch.js", {}],
    [CHAT, "PATCH", "/perch.js", {}],
    [CHAT, "GET", "/widget/none.js", {}],
    [CONSOLE, "GET", "/console", {}],
    [CONSOLE, "GET", "/console/", {}],
    [CONSOLE, "GET", "/console/none.js", {}],
    [CONSOLE, "GET", "/operator/session", {}],
    [CONSOLE, "POST", "/operator/session", {}],
    [CONSOLE, "GET", LIST, {}],
    [CONSOLE, "GET", "/api/a/%2e%2e/b", {}],
    [CONSOLE, "TRACE", "/console/", {}],
    ["elsewhere.example", "GET", "/console/", {}],
    ["elsewhere.example", "GET", "/health", {}],
  ];
  for (const [host, method, path, more] of asked) {
    assertSecured(await at(host, method, path, more), `${method} ${host}${path}`);
  }
});

test("T29 one host name alone, or one that no browser would send, closes everything but health", async () => {
  for (const vars of [{ PERCH_VISITOR_HOST: CHAT }, { PERCH_VISITOR_HOST: CHAT, PERCH_CONSOLE_HOST: `https://${CONSOLE}` }]) {
    const wrong = await startWorld({ platform, vars });
    try {
      for (const [host, path] of [[CHAT, "/perch.js"], [CONSOLE, "/console/"], [CHAT, "/console/"]]) {
        const answer = await call(wrong.edge.url, "GET", path, { headers: { host } });
        assertRefused(answer, 503, "not_configured", path);
      }
      assert.equal((await call(wrong.edge.url, "GET", "/health")).status, 200);
    } finally {
      await wrong.stop();
    }
  }
});
