// A platform that fails, asks to slow down or says what must not be kept, and many who ask for the same at once.
import assert from "node:assert/strict";
import { after, beforeEach, before, test } from "node:test";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { assertRefused } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { startPlatform } from "../support/platform.mjs";
import { until } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const READ = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const KEPT = `/api/build/v1/agents/${PROJECT}/branches`;

let platform;
let world;
let operator;
// The worker's memory of hosts, keys and lists is its isolate's: each test begins with a new one.
beforeEach(async () => {
  await world?.stop();
  world = await startWorld({ platform });
  operator = await Operator.signIn(world.edge.url, world.keys.setup);
  platform.requests.length = 0;
  platform.stream = undefined;
});
before(async () => (platform = await startPlatform()));
after(async () => {
  await world?.stop();
  await platform?.stop();
});

/** Answers by the number of the request, from zero: a status, headers and a body, or null for none at all. */
function answering(reply) {
  let count = 0;
  platform.answer = async (_, response) => {
    const said = await reply(count++);
    if (said === null) return response.destroy(), true;
    const [status, headers = {}, body = "{}"] = said;
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    return true;
  };
}

test("T56 a read is asked for again, twice at most, and only where that can help", async () => {
  for (const [said, requests, status] of [[[503], 3, 503], [[502], 3, 502], [[500], 1, 500], [[404], 1, 404], [[503, { "retry-after": "9" }], 1, 503]]) {
    platform.requests.length = 0;
    // Enough good ones between them that nothing is given a rest.
    answering(() => [200]);
    for (let turn = 0; turn < 25; turn += 1) assert.equal((await operator.get(READ)).status, 200);
    platform.requests.length = 0;
    answering(() => said);
    assert.equal((await operator.get(READ)).status, status, JSON.stringify(said));
    assert.equal(platform.requests.length, requests, JSON.stringify(said));
  }
  answering((turn) => (turn === 0 ? [503] : [200, {}, '{"second":true}']));
  assert.equal((await operator.get(READ)).text, '{"second":true}');
});

test("T56 repeats are a tenth of the requests at most, and what may act twice is sent once", async () => {
  answering((turn) => (turn % 4 === 0 ? [503] : [200]));
  const asked = 60;
  for (let turn = 0; turn < asked; turn += 1) await operator.get(READ);
  const repeats = platform.requests.length - asked;
  assert.ok(repeats > 0 && repeats <= asked / 10 + 5, `${repeats}`);
  platform.requests.length = 0;
  answering(() => null);
  const body = JSON.stringify({ name: "n" });
  const answer = await operator.call("POST", KEPT, { headers: { "content-type": "application/json" }, body });
  assertRefused(answer, 502, "upstream_unreachable");
  assert.equal(platform.requests.length, 1);
});

test("T56 a key that is told to slow down is left alone for as long as was asked, for everybody", async () => {
  answering(() => [429, { "retry-after": "3" }]);
  const told = await operator.get(READ);
  assert.deepEqual([told.status, told.headers["retry-after"], platform.requests.length], [429, "3", 1]);
  for (let turn = 0; turn < 5; turn += 1) {
    const held = await operator.get(READ);
    assertRefused(held, 429, "upstream_busy");
    assert.ok(Number(held.headers["retry-after"]) >= 1 && Number(held.headers["retry-after"]) <= 3);
  }
  assert.equal(platform.requests.length, 1, "nobody asked meanwhile");
  answering(() => [200]);
  assert.equal((await operator.get(KEPT)).status, 200, "another key goes on");
  await until("the key is used again", async () => (await operator.get(READ)).status === 200);
});

test("T57 a host that keeps failing is given a rest, tried by one, and used again", async () => {
  answering(() => null);
  let answer;
  for (let turn = 0; turn < 20; turn += 1) {
    answer = await operator.get(READ);
    if (answer.status === 503) break;
    assertRefused(answer, 502, "upstream_unreachable", `${turn}`);
  }
  assertRefused(answer, 503, "upstream_resting");
  assert.ok(Number(answer.headers["retry-after"]) >= 1 && Number(answer.headers["retry-after"]) <= 5);
  const before = platform.requests.length;
  for (let turn = 0; turn < 20; turn += 1) assertRefused(await operator.get(READ), 503, "upstream_resting");
  assert.equal(platform.requests.length, before);
  answering(() => [200]);
  await until("it is used again", async () => (await operator.get(READ)).status === 200);
  const all = await Promise.all(Array.from({ length: 10 }, () => operator.get(READ)));
  assert.deepEqual(all.map(({ status }) => status), Array(10).fill(200));
});

test("T42 what is private, odd or a fault is never kept", async () => {
  for (const said of [
    [200, { "cache-control": "private" }], [200, { "cache-control": "max-age=9, No-Store" }], [200, { "set-cookie": "a=b" }],
    [200, { vary: "x-tenant" }], [200, { vary: "*" }], [206], [404], [500], [200, {}, JSON.stringify("x".repeat(70_000))],
  ]) {
    platform.requests.length = 0;
    answering(() => said);
    for (let turn = 0; turn < 2; turn += 1) assert.equal((await operator.get(KEPT)).status, said[0]);
    assert.equal(platform.requests.length, 2, JSON.stringify(said).slice(0, 80));
  }
  answering(() => [200]);
  assert.equal((await operator.get(KEPT)).headers["x-perch-cache"], "miss");
  const again = await operator.get(KEPT);
  assert.deepEqual([again.headers["x-perch-cache"], again.headers["cache-control"]], ["hit", "private, no-store"]);
  const body = JSON.stringify({ name: "n" });
  await operator.call("POST", KEPT, { headers: { "content-type": "application/json" }, body });
  assert.equal((await operator.get(KEPT)).headers["x-perch-cache"], "miss", "a change drops what was kept");
});

test("T44 many who ask for the same at once cause one request; one that fails is nobody else's", async () => {
  let release;
  const gate = () => new Promise((done) => (release = done));
  const ask = () => Promise.all(Array.from({ length: 12 }, () => operator.get(KEPT)));
  let open = gate();
  answering(async (turn) => (turn === 0 ? (await open, [500, {}, "{}"]) : [200, { "cache-control": "no-store" }, '{"own":true}']));
  let asked = ask();
  await until("the first is asked", () => platform.requests.length > 0);
  release();
  let all = await asked;
  assert.equal(all.filter(({ status }) => status === 500).length, 1, "only who asked first");
  assert.equal(all.filter(({ text }) => text === '{"own":true}').length, 11);

  platform.requests.length = 0;
  open = gate();
  answering(async () => (await open, [200, {}, '{"shared":true}']));
  asked = ask();
  await until("the first is asked", () => platform.requests.length > 0);
  release();
  all = await asked;
  assert.deepEqual(new Set(all.map(({ text }) => text)), new Set(['{"shared":true}']));
  assert.equal(new Set(all.map(({ headers }) => headers["x-request-id"])).size, 12, "each answer has its own name");
  assert.equal(platform.requests.length, 1);
});

test("T50 a body for the platform is bounded, with a stated length or without, and never packed", async () => {
  answering(() => [200]);
  const post = (headers, body) => operator.call("POST", KEPT, { headers: { "content-type": "application/json", ...headers }, body });
  const huge = JSON.stringify({ name: "x".repeat(2_000_000) });
  assertRefused(await post({}, huge), 413, "too_large");
  assertRefused(await post({ "content-encoding": "gzip" }, "x"), 415, "body_packed");
  assert.deepEqual(platform.requests.filter(({ method }) => method === "POST"), []);
  // Its length is known only when it is over: the platform gets no whole body.
  await post({ "transfer-encoding": "chunked" }, huge);
  assert.ok(platform.requests.every(({ body }) => (body?.length ?? 0) <= 1_048_576));
});
