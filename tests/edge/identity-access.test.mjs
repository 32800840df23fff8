// Cloudflare Access in front of the worker: its token on every request of an operator, or nothing.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { SignJWT, UnsecuredJWT, exportJWK, exportSPKI } from "jose";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { assertRefused, call } from "../support/http.mjs";
import { noConversations, startPlatform } from "../support/platform.mjs";
import { keyPair } from "../support/provider.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const AUDIENCE = "f00d".repeat(16);
const ROLES = [{ email: "ada@fernhill.example", role: "admin" }, { group: "voice", role: "operator", pii: false }];

let platform;
let world;
let edge;
let certs;
let key;
before(async () => {
  key = await keyPair("k1");
  certs = { asked: 0 };
  certs.server = createServer((_, response) => {
    certs.asked += 1;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: [key.shown] }));
  }).listen(0, "127.0.0.1");
  await once(certs.server, "listening");
  platform = await startPlatform({ answer: noConversations });
  world = await startWorld({
    platform,
    vars: {
      PERCH_IDENTITY: "access",
      PERCH_ACCESS_TEAM: "fernhill",
      PERCH_ACCESS_AUD: AUDIENCE,
      PERCH_ACCESS_CERTS: `http://127.0.0.1:${certs.server.address().port}/certs`,
      PERCH_ROLES: JSON.stringify(ROLES),
    },
  });
  edge = world.edge.url;
});
after(async () => {
  await world?.stop();
  await platform?.stop();
  certs?.server.close();
});

const now = Math.floor(Date.now() / 1000);
const claims = (change = {}) => ({
  iss: "https://fernhill.cloudflareaccess.com", aud: [AUDIENCE], sub: "u-ada", email: "ada@fernhill.example",
  type: "app", iat: now, nbf: now, exp: now + 3_600, ...change,
});
const token = (change, header = {}, signer = key.privateKey) =>
  new SignJWT(claims(change)).setProtectedHeader({ alg: "RS256", kid: "k1", ...header }).sign(signer);
const given = (jwt) => (jwt === undefined ? {} : { "cf-access-jwt-assertion": jwt });

/** Somebody whom Access let through asks for a session. */
function enter(jwt, body = "{}") {
  return call(edge, "POST", "/operator/session", { headers: { "x-perch": "1", "content-type": "application/json", ...given(jwt) }, body });
}

const cookieOf = (answer) => answer.headers["set-cookie"][0].split(";")[0];
const get = (path, cookie, jwt) => call(edge, "GET", path, { headers: { cookie, ...given(jwt) } });

test("T61 whom Access names has the role of the mapping, as long as the token lasts at most", async () => {
  const admin = await enter(await token({ exp: now + 600 }));
  assert.equal(admin.status, 200, admin.text);
  const { subject, role, pii, provider, step_up_left: left, expires_in: life } = admin.json;
  assert.deepEqual([subject, role, pii, provider, left], ["ada@fernhill.example", "admin", true, "access", 0]);
  assert.ok(life <= 600, `${life}`);
  const group = await enter(await token({ sub: "u-kim", email: "kim@fernhill.example", custom: { groups: ["voice"] } }));
  assert.deepEqual([group.json.role, group.json.pii], ["operator", false]);
  assertRefused(await enter(await token({ sub: "u-eve", email: "eve@fernhill.example" })), 403, "no_role");
});

test("T61 no request is answered without the token, whatever its cookie and however fresh", async () => {
  const jwt = await token();
  const cookie = cookieOf(await enter(jwt));
  assert.equal((await get(LIST, cookie, jwt)).status, 200);
  await platform.untouched(async () => {
    for (const path of [LIST, "/operator/session", "/operator/sessions", "/operator/audit"]) {
      assertRefused(await get(path, cookie), 401, "access_required", path);
      assertRefused(await get(path, cookie, "x"), 401, "access_required", path);
    }
    assertRefused(await enter(undefined), 401, "access_required");
    assertRefused(await enter(undefined, JSON.stringify({ setup_token: world.keys.setup })), 401, "access_required", "nor by the link");
  });
  assert.equal((await get(LIST, cookie, jwt)).status, 200, "the session still lives");
  assertRefused(await get(LIST, "", jwt), 401, "not_signed_in", "the token alone");
});

test("T61 a session is its owner's, and only with the role it began with", async () => {
  const cookie = cookieOf(await enter(await token()));
  const kim = await token({ sub: "u-kim", email: "kim@fernhill.example", custom: { groups: ["voice"] } });
  assertRefused(await get(LIST, cookie, kim), 401, "not_signed_in", "another's token");
  const own = cookieOf(await enter(kim));
  assert.equal((await get(LIST, own, kim)).status, 200);
  const left = await token({ sub: "u-kim", email: "kim@fernhill.example", custom: { groups: [] } });
  assertRefused(await get(LIST, own, left), 401, "not_signed_in", "no longer in the group");
});

test("T61 T02 T04 a token is of this team, for this application, now, and signed by its keys", async () => {
  const stranger = await keyPair("k1");
  const spki = new TextEncoder().encode(await exportSPKI(key.publicKey));
  const jwk = await exportJWK(stranger.publicKey);
  for (const [about, forged] of Object.entries({
    "alg none": new UnsecuredJWT(claims()).encode(),
    "HS256 with the public key": token({}, { alg: "HS256" }, spki),
    "a key of its own": token({}, { jwk }, stranger.privateKey),
    "a key elsewhere": token({}, { jku: "https://evil.example/certs" }, stranger.privateKey),
    "a certificate elsewhere": token({}, { x5u: "https://evil.example/cert" }),
    "another's signature": token({}, {}, stranger.privateKey),
    "another team": token({ iss: "https://other.cloudflareaccess.com" }),
    "another application": token({ aud: ["other"] }),
    "no application": token({ aud: [] }),
    "the team's own login": token({ type: "org" }),
    "over": token({ exp: now - 1 }),
    "without an end": token({ exp: undefined }),
    "not yet": token({ nbf: now + 3_600 }),
    "nobody": token({ sub: "", email: undefined }),
  })) assertRefused(await enter(await forged), 401, "access_required", about);
  assert.equal((await enter(await token())).status, 200, "the same hand, with everything right");
});

test("T61 keys are asked for once, and unknown ids make the edge ask no more than once a minute", async () => {
  for (let at = 0; at < 20; at += 1) {
    assertRefused(await enter(await token({}, { kid: `unknown-${at}` })), 401, "access_required");
  }
  assert.ok(certs.asked <= 2, `${certs.asked}`);
});

test("T61 visitors need no token of Access", async () => {
  const answer = await call(edge, "POST", "/visitor/session", {
    headers: { "content-type": "application/json", origin: world.edge.origin },
    body: '{"site":"shop"}',
  });
  assert.equal(answer.status, 201, answer.text);
});
