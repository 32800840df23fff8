// Signing in at an OpenID provider: oidc-provider as it is, and what it would never say.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SignJWT, UnsecuredJWT, exportJWK, exportSPKI } from "jose";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { assertRefused, assertSecured, call } from "../support/http.mjs";
import { Operator, redeem } from "../support/operator.mjs";
import { noConversations, startPlatform } from "../support/platform.mjs";
import { Visit, keyPair, startProvider } from "../support/provider.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const PEOPLE = {
  "u-ada": { email: "Ada@Fernhill.example", email_verified: true, groups: ["staff", "perch-admins"] },
  "u-bob": { email: "bob@fernhill.example", email_verified: true, groups: ["staff"] },
  "u-eve": { email: "ada@fernhill.example", email_verified: false, groups: ["guests"] },
};
const ROLES = [
  { group: "staff", role: "viewer" },
  { group: "perch-admins", role: "admin", pii: true },
  { email: "ada@fernhill.example", role: "analyst" },
];

let platform;
let provider;
let world;
let edge;
before(async () => {
  platform = await startPlatform({ answer: noConversations });
  provider = await startProvider(PEOPLE);
  world = await startWorld({ platform, vars: { ...provider.vars, PERCH_ROLES: JSON.stringify(ROLES) } });
  edge = world.edge.url;
  await provider.open(edge);
});
after(async () => {
  await world?.stop();
  await provider?.stop();
  await platform?.stop();
});

/** Somebody signs in; the answer that ends it. */
async function enter(who, visit = new Visit(edge), start) {
  provider.who = who;
  return visit.signIn(start);
}

/** Who the browser is now. */
async function profile(visit) {
  return call(edge, "GET", "/operator/session", { headers: { cookie: visit.cookie } });
}

test("T08 a sign-in at the provider opens a session with the role that the groups have", async () => {
  for (const [who, subject, role, pii] of [["u-ada", "ada@fernhill.example", "admin", true], ["u-bob", "bob@fernhill.example", "viewer", false]]) {
    const visit = new Visit(edge);
    const answer = await enter(who, visit);
    assert.equal(answer.status, 302, answer.text);
    assert.equal(answer.headers.location, "/console/");
    assertSecured(answer);
    const [pair, ...attributes] = answer.headers["set-cookie"][0].split("; ");
    assert.match(pair, /^__Host-perch=po1\./);
    assert.deepEqual(attributes.sort(), ["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=Strict", "Secure"]);
    const { json } = await profile(visit);
    assert.deepEqual([json.subject, json.role, json.pii, json.provider], [subject, role, pii, "oidc"]);
    assert.equal((await call(edge, "GET", LIST, { headers: { cookie: visit.cookie } })).status, 200);
  }
});

test("T63 whoever no rule names gets nothing, also with another's address that nobody verified", async () => {
  const visit = new Visit(edge);
  assertRefused(await enter("u-eve", visit), 403, "no_role");
  assertRefused(await profile(visit), 401, "not_signed_in");
});

test("T08 the way back is open once, and only to the browser that went there", async () => {
  const visit = new Visit(edge);
  provider.who = "u-bob";
  const back = await visit.toTheWayBack();
  assertRefused(await new Visit(edge).get(back), 401, "provider_refused", "no cookie");
  const other = new Visit(edge);
  await other.toTheWayBack();
  assertRefused(await other.get(back), 401, "provider_refused", "another sign-in's state");
  assertRefused(await visit.get(back.replace(/state=[^&]+/, "state=x")), 401, "provider_refused");
  assertRefused(await visit.get(back.replace(/code=[^&]+/, "code=x")), 401, "provider_refused");
  assertRefused(await visit.get(`${edge}/signed-in`), 401, "provider_refused");
  assertRefused(await visit.get(`${edge}/signed-in?error=access_denied&${new URL(back).search.slice(1)}`), 401, "provider_refused");
  assert.equal((await visit.get(back)).status, 302);
  assertRefused(await visit.get(back), 401, "provider_refused", "again");
});

test("T15 nobody is sent to the provider by another site's page, or with a query of its own", async () => {
  const go = (path, headers = {}) => call(edge, "GET", path, { headers });
  assertRefused(await go("/operator/oidc", { "sec-fetch-site": "cross-site" }), 403, "cross_site");
  assertRefused(await go("/operator/oidc?next=https://evil.example"), 400, "query_not_allowed");
  assertRefused(await go("/operator/oidc", { host: "192.168.1.5:8787" }), 403, "insecure_origin");
  const there = new URL((await go("/operator/oidc")).headers.location);
  assert.equal(there.searchParams.get("code_challenge_method"), "S256");
  assert.equal(there.searchParams.get("redirect_uri"), `${edge}/signed-in`);
});

test("presence is a fresh sign-in at the provider, and the session before it ends", async () => {
  const visit = new Visit(edge);
  await enter("u-ada", visit);
  const old = visit.cookie;
  const remove = () => call(edge, "DELETE", `/api/build/v1/agents/${PROJECT}`, { headers: { cookie: visit.cookie, "x-perch": "1" } });
  assert.equal((await profile(visit)).json.step_up_left, 0);
  assertRefused(await remove(), 403, "step_up_needed");
  const answer = await enter("u-ada", visit, "/operator/oidc?again=1");
  assert.equal(answer.status, 302, answer.text);
  assert.ok((await profile(visit)).json.step_up_left > 290);
  assert.notEqual((await remove()).status, 403);
  assertRefused(await call(edge, "GET", "/operator/session", { headers: { cookie: old } }), 401, "not_signed_in");
});

test("T02 T04 an ID token is the provider's own, for this client and this sign-in, or it is refused", async () => {
  const stranger = await keyPair("own");
  const curve = await keyPair("curve", "ES256");
  const plain = await keyPair("plain");
  const { alg, ...shown } = plain.shown;
  assert.equal(alg, "RS256");
  provider.keys = [provider.key.shown, curve.shown, shown];
  const now = Math.floor(Date.now() / 1000);
  const claims = (nonce) => ({
    iss: provider.issuer, aud: provider.client, sub: "u-bob", nonce, iat: now, exp: now + 300, groups: ["staff"],
  });
  const signed = (change = {}, header = {}, key = provider.key.privateKey) => (nonce) =>
    new SignJWT({ ...claims(nonce), ...change }).setProtectedHeader({ alg: "RS256", kid: "own", ...header }).sign(key);
  const spki = new TextEncoder().encode(await exportSPKI(provider.key.publicKey));
  const jwk = await exportJWK(stranger.publicKey);
  const forged = {
    "alg none": (nonce) => new UnsecuredJWT(claims(nonce)).encode(),
    "HS256 with the public key": signed({}, { alg: "HS256" }, spki),
    "a key of its own": signed({}, { jwk }, stranger.privateKey),
    "no id, a key of its own": signed({}, { kid: undefined, jwk }, stranger.privateKey),
    "a key elsewhere": signed({}, { jku: "https://evil.example/jwks" }, stranger.privateKey),
    "a certificate elsewhere": signed({}, { x5u: "https://evil.example/cert" }),
    "another's signature": signed({}, {}, stranger.privateKey),
    "a key that is not in the set": signed({}, { kid: "unknown" }, stranger.privateKey),
    "an algorithm of another key": signed({}, { alg: "ES256" }, curve.privateKey),
    "RS512": signed({}, { alg: "RS512" }, await rs512(provider.key)),
    "a key that names no algorithm": signed({}, { kid: "plain" }, plain.privateKey),
    "another issuer": signed({ iss: "https://evil.example" }),
    "another client": signed({ aud: "other" }),
    "two clients": signed({ aud: [provider.client, "other"] }),
    "another nonce": signed({ nonce: "n" }),
    "no nonce": signed({ nonce: undefined }),
    "over": signed({ exp: now - 1 }),
    "not yet": signed({ nbf: now + 3_600 }),
    "no token": () => "",
  };
  for (const [about, forge] of Object.entries(forged)) {
    provider.forge = forge;
    const visit = new Visit(edge);
    assertRefused(await enter("u-bob", visit), 401, "provider_refused", about);
    assertRefused(await profile(visit), 401, "not_signed_in", about);
  }
  // The keys were read by the tests before; unknown ids make the edge ask at most once a minute.
  assert.ok(provider.asked.filter((path) => path === "/jwks").length <= 2);
  provider.forge = signed();
  assert.equal((await enter("u-bob")).status, 302, "the same hand, with everything right");
  provider.forge = signed();
  assertRefused(await enter("u-bob", new Visit(edge), "/operator/oidc?again=1"), 401, "provider_refused", "no fresh sign-in");
  provider.forge = null;
});

test("T65 the one-time link still opens a session, for the day the provider is out of order", async () => {
  assert.equal((await redeem(edge, world.keys.setup)).status, 200);
});

test("T21 without a configured provider there is no such way in", async () => {
  const other = await startWorld({ platform });
  try {
    const operator = await Operator.signIn(other.edge.url, other.keys.setup);
    for (const path of ["/operator/oidc", "/signed-in?code=a&state=b"]) assertRefused(await operator.get(path), 404, "unknown_route", path);
  } finally {
    await other.stop();
  }
});

async function rs512({ privateKey }) {
  const { importJWK } = await import("jose");
  return importJWK({ ...(await exportJWK(privateKey)) }, "RS512");
}
