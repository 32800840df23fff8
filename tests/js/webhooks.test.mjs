// Signed deliveries and context tokens, against Node's own cryptography.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { install } from "../support/package.mjs";

const SECRET = "whsec_canary-current-secret";
const OTHER = "whsec_canary-other-secret";
const NOW = 1_788_256_801;
const BODY = '{"event_type":"alerts.triggered","alert":{"id":"ar_1","name":"Slow é"}}';

let package_;
let perch;
let why;
before(async () => {
  package_ = await install();
  perch = await package_.import();
  why = await package_.import("@perch-edge/client/explain");
});
after(() => package_?.remove());

/** Signed as the platform's documentation says, without our code. */
function signed({ secret = SECRET, body = BODY, at = NOW } = {}) {
  const signature = createHmac("sha256", secret).update(`${at}.`).update(body).digest("hex");
  return { "x-polyai-timestamp": String(at), "x-polyai-signature": signature, "x-polyai-event-id": "evt_1" };
}

async function refused(work) {
  const error = await work.then(() => assert.fail("it was not refused"), (error) => error);
  assert.equal(error.name, "PerchError");
  assert.doesNotMatch(JSON.stringify(error) + error.message + error.stack, /canary|Slow/);
  return error;
}

test("a genuine delivery is verified, in whatever form its headers come", async () => {
  const headers = signed();
  const raw = Object.entries(headers).flat();
  for (const given of [headers, new Headers(headers), Object.entries(headers), raw, new Map(Object.entries(headers))]) {
    for (const body of [BODY, Buffer.from(BODY), new TextEncoder().encode(BODY).buffer]) {
      const verified = await perch.verifyWebhook({ headers: given, body }, SECRET, { now: NOW + 5 });
      assert.deepEqual(verified, {
        eventId: "evt_1", timestamp: NOW, secret: "current", standing: "current",
        bodyHash: createHash("sha256").update(BODY).digest("hex"),
        event: { event_type: "alerts.triggered", alert: { id: "ar_1", name: "Slow é" } },
      });
    }
  }
});

test("a rotated secret is still accepted, a retired one is not", async () => {
  const delivery = { headers: signed({ secret: OTHER }), body: BODY };
  const known = (standing) => [SECRET, { name: "before March", secret: OTHER, standing }];
  const verified = await perch.verifyWebhook(delivery, known("previous"), { now: NOW });
  assert.deepEqual([verified.secret, verified.standing], ["before March", "previous"]);
  for (const standing of ["retired", "foreign"]) {
    assert.equal((await refused(perch.verifyWebhook(delivery, known(standing), { now: NOW }))).code, "webhook_mismatch");
  }
});

test("every reason to refuse has a code of its own", async () => {
  const headers = signed();
  const deliver = (more, body = BODY) => ({ headers: { ...headers, ...more }, body });
  for (const [delivery, now, secrets, code] of [
    [deliver({ "x-polyai-signature": undefined }), NOW, SECRET, "webhook_header"],
    [{ headers: [...Object.entries(headers), ["X-PolyAI-Signature", "0"]], body: BODY }, NOW, SECRET, "webhook_header"],
    [deliver({ "x-polyai-timestamp": `${NOW}000` }), NOW, SECRET, "webhook_timestamp"],
    [deliver({ "x-polyai-signature": headers["x-polyai-signature"].toUpperCase() }), NOW, SECRET, "webhook_signature"],
    [deliver({}), NOW, [], "webhook_no_secret"],
    [deliver({}), NOW, OTHER, "webhook_mismatch"],
    [deliver({}, `${BODY}\n`), NOW, SECRET, "webhook_mismatch"],
    [deliver({}), NOW + 301, SECRET, "webhook_too_old"],
    [deliver({}), NOW - 301, SECRET, "webhook_too_new"],
    [{ headers: signed({ body: "[]" }), body: "[]" }, NOW, SECRET, "webhook_event"],
    [deliver({}), NOW, "", "invalid_input"],
  ]) {
    assert.equal((await refused(perch.verifyWebhook(delivery, secrets, { now }))).code, code);
  }
});

test("what is signed here is what the platform would sign", async () => {
  const headers = await perch.signWebhook(SECRET, "evt_1", BODY, { now: NOW });
  assert.deepEqual(Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])), signed());
});

test("a failing delivery is explained, without telling a secret", async () => {
  const known = [{ name: "shop", secret: SECRET }, { name: "hotel", secret: OTHER, standing: "foreign" }];
  const explain = (delivery, now = NOW) => why.explainWebhook(delivery, known, { now });
  const spaced = JSON.stringify(JSON.parse(BODY), null, 2);
  for (const [delivery, now, diagnosis] of [
    [{ headers: signed(), body: BODY }, NOW, "valid"],
    [{ headers: signed({ secret: OTHER }), body: BODY }, NOW, "wrong_secret"],
    [{ headers: signed(), body: BODY }, NOW + 9_000, "timestamp_past"],
    [{ headers: { ...signed(), "x-polyai-signature": `sha256=${signed()["x-polyai-signature"]}` }, body: BODY }, NOW, "signature_prefixed"],
    [{ headers: signed(), body: `${BODY}\n` }, NOW, null],
    [{ headers: signed(), body: spaced }, NOW, null],
  ]) {
    const found = await explain(delivery, now);
    if (diagnosis) assert.equal(found.diagnosis, diagnosis);
    assert.ok(!["unknown", diagnosis ? "" : "valid"].includes(found.diagnosis), JSON.stringify(found));
    assert.equal(found.confidence, "proven");
    assert.ok(found.remedy && found.evidence.length > 0);
    assert.doesNotMatch(JSON.stringify(found), /canary|Slow/);
  }
  const error = await refused(why.explainWebhook({ headers: {}, body: "" }, [{ name: "x", secret: "" }]));
  assert.equal(error.code, "invalid_input");
});

test("a context token is a JWT that Node can check, within its limits", async () => {
  const given = { kid: "key-1", secret: "canary-context-secret", contextId: "ctx-1", values: { tier: "gold", age: 7 }, now: NOW };
  const { token, expiresAt, warnings } = await perch.mintContextToken(given);
  const [header, claims, signature] = token.split(".");
  assert.equal(createHmac("sha256", given.secret).update(`${header}.${claims}`).digest("base64url"), signature);
  const read = (part) => JSON.parse(Buffer.from(part, "base64url"));
  assert.deepEqual(read(header), { alg: "HS256", typ: "JWT", kid: "key-1" });
  assert.deepEqual(read(claims), { sub: "ctx-1", iat: NOW, exp: NOW + 30, ctx: { age: 7, tier: "gold" } });
  assert.deepEqual([expiresAt, warnings], [NOW + 30, []]);
  for (const [wrong, words] of [
    [{ values: { order: { id: 1 } } }, /ctx\.order is nested/],
    [{ lifetime: 31 }, /1 to 30 s/],
    [{ contextId: "" }, /sub is empty/],
    [{ now: NOW * 1_000 }, /not milliseconds/],
    [{ values: { text: "x".repeat(9_000) } }, /8192/],
  ]) {
    const error = await refused(perch.mintContextToken({ ...given, ...wrong }));
    assert.equal(error.code, "invalid_context");
    assert.match(error.message, words);
  }
});
