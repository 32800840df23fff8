// Verified context: only the site's backend vouches, the page passes a handle on, the agent gets the claims.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { SHOP } from "../support/edge.mjs";
import { assertRefused, call } from "../support/http.mjs";
import { startPlatform } from "../support/platform.mjs";
import { Visitor } from "../support/visitor.mjs";
import { startWorld } from "../support/world.mjs";

const SECRET = "canary-backend-secret-000001";
const CONTEXT_KEY = "8f3a8f3a8f3a8f3acanary";
const CLAIMS = { customer_id: "C-1042", name: "Ada Lovelace", orders: 3, vip: true };

let platform;
let world;
let edge;
before(async () => {
  platform = await startPlatform({ answer: chats });
  world = await startContext({});
  edge = world.edge.url;
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});
beforeEach(() => {
  platform.requests.length = 0;
});

const startContext = (limits) => startWorld({
  platform,
  site: { limits, context: { secret: "PERCH_SITE_SHOP_CONTEXT" } },
  vars: { PERCH_SITE_SHOP_CONTEXT: SECRET, POLYAI_CONTEXT_KID: "key-1", POLYAI_CONTEXT_SECRET: CONTEXT_KEY },
});

function chats(request, response) {
  if (!request.url.includes("/chat/")) return false;
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ conversation_id: "CONV-1", response: "Hello", end_conversation: false }));
  return true;
}

const vouch = (claims, { at = edge, site = "shop", secret = SECRET, headers = {} } = {}) =>
  call(at, "POST", `/site/${site}/context`, {
    headers: { "content-type": "application/json", ...(secret === null ? {} : { authorization: `Bearer ${secret}` }), ...headers },
    body: typeof claims === "string" ? claims : JSON.stringify({ claims }),
  });

async function handle(claims = CLAIMS) {
  const answer = await vouch(claims);
  assert.equal(answer.status, 201, answer.text);
  assert.deepEqual(Object.keys(answer.json), ["handle", "expires_in"]);
  assert.equal(Buffer.from(answer.json.handle, "base64url").length, 16);
  return answer.json.handle;
}

const open = async (context) => {
  const visitor = new Visitor(edge);
  const answer = await visitor.post("/visitor/session", { site: "shop", context }, {});
  assert.equal(answer.status, 201, answer.text);
  return Object.assign(visitor, { answer }, answer.json);
};

/** The signed token that the platform got with its session; its signature and times are checked. */
function submitted() {
  const { body } = platform.requests.find(({ url }) => url === "/api/v1/sessions");
  const { context_token: token } = JSON.parse(body);
  if (token === undefined) return null;
  const [header, payload, mac] = token.split(".");
  assert.deepEqual(JSON.parse(Buffer.from(header, "base64url")), { alg: "HS256", typ: "JWT", kid: "key-1" });
  assert.equal(createHmac("sha256", CONTEXT_KEY).update(`${header}.${payload}`).digest("base64url"), mac);
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  assert.ok(claims.exp - claims.iat <= 30 && Math.abs(claims.iat - Date.now() / 1000) < 10);
  return claims;
}

test("the agent gets what the backend said, and the visitor sees neither key, secret nor token", async () => {
  const visitor = await open(await handle());
  assert.equal(visitor.verified, true);
  const claims = submitted();
  assert.deepEqual(claims.ctx, CLAIMS);
  assert.equal(claims.sub, visitor.session);
  const whole = visitor.answer.text + JSON.stringify(visitor.answer.headers);
  for (const secret of [SECRET, CONTEXT_KEY, "Lovelace", "C-1042", "context_token", "eyJ"]) assert.ok(!whole.includes(secret), secret);

  assert.equal((await visitor.post("/visitor/chat/create", {})).status, 200);
  const created = platform.requests.find(({ url }) => url.endsWith("/chat/create"));
  assert.deepEqual(JSON.parse(created.body).integration_attributes, CLAIMS);
});

test("a handle is good once; a chat without a good one begins without claims and says so", async () => {
  const once = await handle();
  const answers = await Promise.all(Array.from({ length: 6 }, () => open(once)));
  assert.equal(answers.filter(({ verified }) => verified).length, 1);
  for (const wrong of [once, "", "x", "A".repeat(22), `${once}=`]) {
    platform.requests.length = 0;
    assert.equal((await open(wrong)).verified, false, wrong);
    assert.equal(submitted(), null);
  }
  platform.requests.length = 0;
  const plain = await open(undefined);
  assert.equal("verified" in plain.answer.json, false);
  assert.equal(submitted(), null);
});

test("T07 only the backend's secret vouches, and never from a page", async () => {
  const wrong = [null, "", "x", SECRET.slice(0, -1), `${SECRET}x`, SECRET.toUpperCase(), world.keys.setup];
  for (const secret of wrong) assertRefused(await vouch(CLAIMS, { secret }), 401, "context_refused", `${secret}`.slice(0, 8));
  for (const origin of [SHOP, "https://evil.example", "null"]) {
    const answer = await vouch(CLAIMS, { headers: { origin } });
    assertRefused(answer, 401, "context_refused", origin);
    assert.equal(answer.headers["access-control-allow-origin"], undefined);
  }
  const visitor = await open(undefined);
  assertRefused(await vouch(CLAIMS, { secret: visitor.token }), 401, "context_refused");
});

test("T51 who guesses secrets has to wait, and cannot lock the backend out", async () => {
  const own = await startContext({});
  try {
    const at = own.edge.url;
    const answers = [];
    for (let turn = 0; turn < 12; turn += 1) answers.push(await vouch(CLAIMS, { at, secret: `wrong-${turn}` }));
    assert.deepEqual(answers.map(({ status }) => status), [...Array(10).fill(401), 429, 429]);
    assert.ok(Number(answers.at(-1).headers["retry-after"]) > 0);
    assert.equal((await vouch(CLAIMS, { at })).status, 201);
  } finally {
    await own.stop();
  }
});

test("T51 a site's backend leaves so many a minute", async () => {
  const own = await startContext({ contexts_per_minute: 5 });
  try {
    const answers = await Promise.all(Array.from({ length: 40 }, () => vouch(CLAIMS, { at: own.edge.url })));
    assert.equal(answers.filter(({ status }) => status === 201).length, 5);
    for (const answer of answers.filter(({ status }) => status !== 201)) assertRefused(answer, 429, "too_many_requests");
  } finally {
    await own.stop();
  }
});

test("claims are a flat object with plain names, 8 KB at most", async () => {
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`c${at}`, 1]));
  for (const claims of [{}, { a: null }, { a: { b: 1 } }, { a: [1] }, { "a-b": 1 }, { "": 1 }, { ["n".repeat(65)]: 1 }, many, { a: "x".repeat(8_200) }]) {
    assertRefused(await vouch(claims), 400, "context_invalid", JSON.stringify(claims).slice(0, 30));
  }
  for (const body of ["", "[]", "{}", '{"claims":[]}', '{"claims":{"a":1},"more":1}']) {
    assertRefused(await vouch(body), 400, "bad_body", body);
  }
  assertRefused(await vouch({ a: "x".repeat(20_000) }), 413, "too_large");
});

test("a site without a backend has no such address", async () => {
  for (const site of ["other", "nowhere"]) assertRefused(await vouch(CLAIMS, { site }), 404, "unknown_route", site);
  assertRefused(await call(edge, "GET", "/site/shop/context"), 405, "method_not_allowed");
  assertRefused(await call(edge, "OPTIONS", "/site/shop/context", { headers: { origin: SHOP } }), 405, "method_not_allowed");
});
