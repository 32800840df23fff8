// The bot check: asked for once, bound to what it was solved for, and never in the way of who is in already.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startChecks } from "../support/checks.mjs";
import { OTHER, SHOP } from "../support/edge.mjs";
import { assertRefused, assertSecured, call } from "../support/http.mjs";
import { startPlatform } from "../support/platform.mjs";
import { forge, read } from "../support/tokens.mjs";
import { Visitor } from "../support/visitor.mjs";
import { startWorld } from "../support/world.mjs";

const KEY = "0x4AAAAAAA-site";
const SECRET = "canary-turnstile-secret-0001";
const CHECK = { provider: "turnstile", site_key: KEY, secret: "PERCH_SITE_SHOP_CHECK", action: "open-chat" };

let checks;
let platform;
let world;
let edge;
before(async () => {
  checks = await startChecks({ siteKey: KEY, secret: SECRET });
  platform = await startPlatform();
  world = await startChecked({});
  edge = world.edge.url;
});
after(async () => {
  for (const part of [world, platform, checks]) await part?.stop();
});
beforeEach(() => {
  Object.assign(checks, { mode: "up", shift: 0 });
  checks.verified.length = 0;
  platform.requests.length = 0;
});

const startChecked = (change, secret = SECRET) => startWorld({
  platform,
  site: { bot_check: { ...CHECK, ...change } },
  vars: { PERCH_SIMULATOR_CHECKS: checks.url, PERCH_SITE_SHOP_CHECK: secret },
});

const open = (body = {}, { at = edge, origin = SHOP } = {}) => call(at, "POST", "/visitor/session", {
  headers: { origin, "content-type": "application/json" }, body: JSON.stringify({ site: "shop", ...body }),
});

/** Checks a refusal that poses a check, and gives the check. */
function posed(answer, code = "bot_check_needed") {
  const { check, ...rest } = answer.json;
  assertRefused({ ...answer, json: rest }, 403, code);
  assert.deepEqual(Object.keys(check), ["provider", "frame", "challenge"]);
  return { ...check, cdata: new URL(check.frame).hash.slice(1) };
}

/** A check solved as the frame would, but for what a test changes. */
async function solve(change = {}, check) {
  const { challenge, cdata } = check ?? posed(await open());
  return { challenge, answer: checks.issue({ sitekey: KEY, action: CHECK.action, cdata, hostname: "localhost", ...change }) };
}

async function refused(check, about) {
  posed(await open({ check }), "bot_check_failed");
  assert.deepEqual(platform.requests, [], about);
}

test("T66 without a check no session, with one a session; the provider is told what it needs and no more", async () => {
  const check = await solve();
  assert.deepEqual(platform.requests, []);
  const answer = await open({ check });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(checks.verified.length, 1);
  const { secret, response, idempotency_key: name, ...more } = checks.verified[0];
  assert.deepEqual([secret, response], [SECRET, check.answer]);
  assert.match(name, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  assert.deepEqual(Object.keys(more).filter((key) => key !== "remoteip"), []);
  assert.ok(!answer.text.includes(SECRET));
});

test("T66 an answer is good once", async () => {
  const check = await solve();
  assert.equal((await open({ check })).status, 201);
  platform.requests.length = 0;
  await refused(check, "used");
  const race = await solve();
  const answers = await Promise.all(Array.from({ length: 8 }, () => open({ check: race })));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
});

test("T66 an answer is good for five minutes, on this host, for this action and this challenge", async () => {
  checks.shift = 301_000;
  await refused(await solve(), "too old");
  checks.shift = 0;
  await refused(await solve({ hostname: "evil.example" }), "host");
  await refused(await solve({ action: "login" }), "action");
  await refused(await solve({ cdata: "" }), "no challenge");
  await refused(await solve({ cdata: "x".repeat(43) }), "foreign challenge");
  const [first, second] = [posed(await open()), posed(await open())];
  await refused({ ...(await solve({}, first)), challenge: second.challenge }, "another visitor's challenge");
  await refused({ ...(await solve()), answer: "made up" }, "made up");
  for (const answer of ["", "x".repeat(2_049)]) {
    checks.verified.length = 0;
    await refused({ ...(await solve()), answer }, "no answer");
    assert.deepEqual(checks.verified, [], "nobody is asked about it");
  }
});

test("T66 a challenge is ours, five minutes old at most, and of this site and page", async () => {
  const check = await solve();
  const claims = read(check.challenge);
  const { root } = world.keys;
  const now = Math.floor(Date.now() / 1000);
  assert.equal(forge(root, "pc1", claims), check.challenge, "genuine but for what follows");
  assert.ok(claims.expires - claims.issued <= 300);
  for (const [about, challenge] of Object.entries({
    expired: forge(root, "pc1", { ...claims, expires: now - 1, absolute: now - 1 }),
    "of another purpose": forge(root, "pv1", claims, "pc1"),
    "of another site": forge(root, "pc1", { ...claims, site: Buffer.alloc(8) }),
    "of another page": forge(root, "pc1", { ...claims, origin: Buffer.alloc(8) }),
    "made up": "pc1.x.y.z",
  })) {
    checks.verified.length = 0;
    await refused({ ...check, challenge }, about);
    assert.deepEqual(checks.verified, [], about);
  }
});

test("T66 a lost answer is asked for again under the same name", async () => {
  checks.mode = "flaky";
  assert.equal((await open({ check: await solve() })).status, 201);
  assert.equal(checks.verified.length, 2);
  assert.equal(checks.verified[0].idempotency_key, checks.verified[1].idempotency_key);
});

test("T66 while the provider is down nothing new is opened, and who is in goes on", async () => {
  const visitor = await Visitor.open(edge, { check: await solve() });
  checks.mode = "down";
  assertRefused(await open({ check: await solve() }), 503, "bot_check_unavailable");
  checks.verified.length = 0;
  const resumed = await Visitor.open(edge, { resume: visitor.resume });
  assert.equal(resumed.resumed, true);
  assert.equal((await visitor.post("/visitor/ticket", {})).status, 201);
  assert.deepEqual(checks.verified, [], "a session in being is not checked again");
});

test("T66 a site may stay open while the provider is down, but not for a wrong answer or a wrong secret", async () => {
  const lenient = await startChecked({ on_outage: "open" });
  const wrong = await startChecked({ on_outage: "open" }, "canary-not-the-secret");
  try {
    checks.mode = "down";
    const at = lenient.edge.url;
    assert.equal((await open({ check: await solve({}, posed(await open({}, { at }))) }, { at })).status, 201);
    checks.mode = "up";
    const failed = await open({ check: { ...(await solve({}, posed(await open({}, { at })))), answer: "x" } }, { at });
    posed(failed, "bot_check_failed");
    const other = wrong.edge.url;
    const check = await solve({}, posed(await open({}, { at: other })));
    assertRefused(await open({ check }, { at: other }), 503, "not_configured");
  } finally {
    await lenient.stop();
    await wrong.stop();
  }
});

test("other sites ask for nothing", async () => {
  const answer = await open({ site: "other" }, { origin: OTHER });
  assert.equal(answer.status, 201, answer.text);
});

test("the frame is for listed pages, and its policy lets in the provider and nobody else", async () => {
  const { frame } = posed(await open());
  const { pathname, search } = new URL(frame);
  const page = await call(edge, "GET", pathname + search);
  assert.equal(page.status, 200);
  const policy = page.headers["content-security-policy"];
  const nonce = /'nonce-([\w-]{22})'/.exec(policy)[1];
  assert.match(policy, new RegExp(`frame-ancestors ${SHOP}$`));
  assert.match(policy, /default-src 'none'/);
  assert.ok(!policy.includes("unsafe"));
  assert.ok(page.text.includes(`nonce="${nonce}"`) && page.text.includes(KEY) && !page.text.includes(SECRET));
  assert.notEqual(nonce, /'nonce-([\w-]{22})'/.exec((await call(edge, "GET", pathname + search)).headers["content-security-policy"])[1]);
  const refusals = {
    [`site=shop&page=${encodeURIComponent("https://evil.example")}`]: [403, "origin_not_allowed"],
    [`site=shop&page=${encodeURIComponent(`${SHOP}"><script>`)}`]: [403, "origin_not_allowed"],
    [`site=nowhere&page=${encodeURIComponent(SHOP)}`]: [404, "unknown_route"],
    [`site=other&page=${encodeURIComponent(OTHER)}`]: [404, "unknown_route"],
    "site=shop": [400, "query_not_allowed"],
    [`page=${encodeURIComponent(SHOP)}&site=shop`]: [400, "query_not_allowed"],
  };
  for (const [query, [status, code]] of Object.entries(refusals)) {
    assertRefused(await call(edge, "GET", `/visitor/check?${query}`), status, code, query);
  }
  assertSecured(await call(edge, "GET", "/visitor/check?site=shop"));
});
