// What stands behind a secret's name does not reach an operator, however the platform wraps it.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { Operator } from "../support/operator.mjs";
import { startPlatform } from "../support/platform.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const DETAIL = `/api/build/v1/agents/${PROJECT}/conversations/CA-1`;
const AGENTS = `/api/build/v1/accounts/${ACCOUNT}/agents`;
const SECRET = "whsec-4f1c2b7a90";
const JSON_TYPE = { "content-type": "application/json" };

let platform;
let world;
let operator;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform });
  operator = await Operator.signIn(world.edge.url, world.keys.setup);
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});
beforeEach(() => (platform.answer = undefined));

const answers = (status, headers, write) => {
  platform.answer = (_, response) => {
    response.writeHead(status, headers);
    write(response);
    return true;
  };
};

const nested = { data: [{ id: "a", signing_secret: SECRET, keys: { api_keys: [SECRET], n: 1 } }], text: "my \"secret\": yes" };

for (const [about, path] of [["a list", LIST], ["a record", DETAIL], ["an answer the edge reads", AGENTS]]) {
  test(`T37 in ${about} the value is blanked, everything else stays`, async () => {
    answers(200, JSON_TYPE, (response) => response.end(JSON.stringify(nested)));
    const { status, text, json } = await operator.get(path);
    assert.equal(status, 200, text);
    assert.ok(!text.includes(SECRET), text);
    if (path === AGENTS) return;
    assert.deepEqual(json, {
      data: [{ id: "a", signing_secret: "*".repeat(SECRET.length), keys: { api_keys: [], n: 1 } }],
      text: nested.text,
    });
  });
}

test("T37 under whatever name of a type, in refusals, packed and spelled with escapes", async () => {
  const text = `{"signing\\u005fsecret":"${SECRET}","clientSecret" :\n"${SECRET}"}`;
  for (const [status, headers, body] of [
    [200, { "content-type": "text/plain" }, text],
    [200, { "content-type": "application/problem+json" }, text],
    [200, {}, text],
    [422, JSON_TYPE, text],
    [500, { "content-type": "text/html" }, text],
    [200, { ...JSON_TYPE, "content-encoding": "gzip" }, gzipSync(text)],
  ]) {
    answers(status, headers, (response) => response.end(body));
    const answer = await operator.get(DETAIL);
    assert.equal(answer.status, status);
    assert.ok(!answer.text.includes(SECRET), `${JSON.stringify(headers)}: ${answer.text}`);
    assert.ok(answer.text.includes("*".repeat(SECRET.length)), answer.text);
  }
});

test("T37 split at every byte, and in a body too large to be read whole, whose length stays", async () => {
  const small = `{"a":{"signing_secret":"${SECRET}"},"b":2}`;
  answers(200, JSON_TYPE, async (response) => {
    for (const byte of small) {
      response.write(byte);
      await new Promise((done) => setImmediate(done));
    }
    response.end();
  });
  assert.deepEqual((await operator.get(DETAIL)).json, { a: { signing_secret: "*".repeat(SECRET.length) }, b: 2 });

  const rows = Array.from({ length: 9_000 }, (_, id) => ({ id, signing_secret: SECRET, text: "it's no secret" }));
  const large = JSON.stringify({ rows });
  for (const headers of [{ ...JSON_TYPE, "content-length": String(large.length) }, JSON_TYPE]) {
    answers(200, headers, (response) => response.end(large));
    const answer = await operator.get(DETAIL);
    assert.ok(!answer.text.includes(SECRET));
    assert.equal(answer.text.length, large.length);
    assert.deepEqual(answer.json.rows[8_999], { id: 8_999, signing_secret: "*".repeat(SECRET.length), text: "it's no secret" });
  }
});
