// Visitor tokens, resume handles and tickets: genuine, in time, and good for one thing each.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { SHOP } from "../support/edge.mjs";
import { assertRefused, call } from "../support/http.mjs";
import { startPlatform } from "../support/platform.mjs";
import { forge, read } from "../support/tokens.mjs";
import { Visitor } from "../support/visitor.mjs";
import { startWorld } from "../support/world.mjs";

const DETAIL = "/api/build/v1/agents/PROJECT-4E5B8A10/conversations/CA-1";

let platform;
let world;
let edge;
let visitor;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform });
  edge = world.edge.url;
  visitor = await Visitor.open(edge);
  platform.requests.length = 0;
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});

const withToken = (token) => visitor.post("/visitor/ticket", {}, { authorization: `Bearer ${token}` });

async function refusedToken(token, about) {
  assertRefused(await withToken(token), 401, "token_invalid", about);
  assert.deepEqual(platform.requests, [], about);
}

test("the tests' own tokens are genuine, so their refusals mean something", async () => {
  const copy = forge(world.keys.root, "pv1", read(visitor.token));
  assert.equal(copy, visitor.token);
  assert.equal((await withToken(copy)).status, 201);
});

test("T01 a token with any byte changed is refused", async () => {
  for (let at = 0; at < visitor.token.length; at += 1) {
    const letter = visitor.token[at] === "A" ? "B" : "A";
    await refusedToken(visitor.token.slice(0, at) + letter + visitor.token.slice(at + 1), `byte ${at}`);
  }
});

test("T01 what is no token is refused", async () => {
  const { token } = visitor;
  const jwt = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"x"}')}.`;
  for (const wrong of ["", " ", ".", "...", "pv1", `${token}.`, `${token}=`, `${token} x`, token.slice(0, -1),
    token.toUpperCase(), `${token},${token}`, jwt, "a".repeat(8_000), world.keys.setup]) {
    await refusedToken(wrong, wrong.slice(0, 40));
  }
  for (const headers of [{}, { authorization: token }, { authorization: `bearer ${token}` },
    { authorization: `Basic ${token}` }, { cookie: `__Host-perch=${token}` }]) {
    const answer = await visitor.post("/visitor/ticket", {}, headers);
    assertRefused(answer, 401, "token_invalid", JSON.stringify(headers).slice(0, 30));
  }
});

test("T04 expired, not yet valid, and past its absolute age", async () => {
  const claims = read(visitor.token);
  const now = Math.floor(Date.now() / 1000);
  const wrong = {
    expired: { issued: now - 700, expires: now - 1 },
    "not yet valid": { issued: now + 600, expires: now + 1_200 },
    "past its absolute age": { absolute: now - 1 },
  };
  for (const [about, change] of Object.entries(wrong)) {
    await refusedToken(forge(world.keys.root, "pv1", { ...claims, ...change }), about);
  }
});

test("T06 a key that is not configured signs nothing", async () => {
  await refusedToken(forge(randomBytes(32), "pv1", read(visitor.token)), "foreign key");
});

test("T05 every token is good for its own purpose only", async () => {
  const { root } = world.keys;
  const claims = read(visitor.token);
  const ticket = await visitor.ticket();
  // Genuine tokens of the other kinds, and the right prefix under the wrong purpose's key.
  const others = [visitor.resume, ticket, forge(root, "po1", { ...claims, role: 3 })];
  const renamed = ["pr1", "pt1", "po1"].map((purpose) => forge(root, "pv1", claims, purpose));
  for (const token of [...others, ...renamed]) await refusedToken(token, token.slice(0, 4));

  for (const token of [visitor.token, visitor.resume, ticket]) {
    const headers = { cookie: `__Host-perch=${token}`, authorization: `Bearer ${token}` };
    assertRefused(await call(edge, "GET", "/operator/session", { headers }), 401, "not_signed_in");
    assertRefused(await call(edge, "GET", DETAIL, { headers }), 401, "not_signed_in");
  }
  assert.deepEqual(platform.requests, []);

  for (const token of [visitor.token, visitor.resume, forge(root, "pt1", claims, "pv1")]) {
    assertRefused(await visitor.dial(token).refusal(), 401, "ticket_invalid");
  }
  assert.deepEqual(platform.handshakes, []);
});

test("T05 a genuine token of a session that never was opens nothing", async () => {
  const claims = { ...read(visitor.token), session: randomBytes(16) };
  const answer = await withToken(forge(world.keys.root, "pv1", claims));
  assertRefused(answer, 409, "session_ended");
});

test("T08 session ids are 128 random bits and never come twice", async () => {
  const seen = new Set();
  for (let at = 0; at < 20; at += 1) {
    const { session } = await Visitor.open(edge);
    assert.equal(Buffer.from(session, "base64url").length, 16);
    seen.add(session);
  }
  assert.equal(seen.size, 20);
});

test("a resume handle brings the same session with a new token; a bad one quietly brings a new session", async () => {
  const again = await Visitor.open(edge, { resume: visitor.resume });
  assert.equal(again.resumed, true);
  assert.equal(again.session, visitor.session);
  const claims = read(visitor.resume);
  const now = Math.floor(Date.now() / 1000);
  const bad = [
    "",
    "pr1.x.y.z",
    visitor.token,
    `${visitor.resume.slice(0, -2)}${visitor.resume.endsWith("AA") ? "BB" : "AA"}`,
    forge(world.keys.root, "pr1", { ...claims, expires: now - 1 }),
    forge(world.keys.root, "pr1", { ...claims, session: randomBytes(16) }),
  ];
  for (const resume of bad) {
    const fresh = await Visitor.open(edge, { resume });
    assert.equal(fresh.resumed, false, resume.slice(0, 10));
    assert.notEqual(fresh.session, visitor.session);
  }
});

test("T35 what a visitor is given holds no token of the platform", async () => {
  const ACCESS = "platform-access-token";
  platform.answer = (request, response) => {
    if (request.url !== "/api/v1/access-token") return false;
    response.writeHead(200, { "content-type": "application/json", "x-access": ACCESS, "set-cookie": `t=${ACCESS}` });
    response.end(JSON.stringify({ access_token: ACCESS, expires_in: 86_400 }));
    return true;
  };
  const body = JSON.stringify({ site: "shop" });
  const headers = { origin: SHOP, "content-type": "application/json" };
  const answer = await call(edge, "POST", "/visitor/session", { headers, body });
  assert.equal(answer.status, 201);
  assert.deepEqual(Object.keys(answer.json), ["token", "expires_in", "resume", "session", "resumed", "site"]);
  assert.deepEqual(Object.keys(answer.json.site), ["id", "title", "agent_name", "accent", "streaming", "theme"]);
  const whole = answer.text + JSON.stringify(answer.headers);
  const encoded = Buffer.from(ACCESS).toString("base64url").slice(0, -2);
  for (const secret of [ACCESS, encoded, world.keys.platform.messaging_connector, "s-1"]) {
    assert.ok(!whole.includes(secret), secret);
  }
  // The token's payload is readable by anyone: it must not carry one either.
  for (const token of [answer.json.token, answer.json.resume]) {
    assert.ok(!Buffer.from(token.split(".")[2], "base64url").includes("platform"));
  }
});
