// What a platform engineer sees of the running worker: traces, events, metrics, health.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { ACCOUNT, PROJECT, SHOP } from "../support/edge.mjs";
import { eventOf, events, lines, points } from "../support/events.mjs";
import { assertRefused, assertSecured, call } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { startPlatform } from "../support/platform.mjs";
import { until } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const DETAIL = `/api/build/v1/agents/${PROJECT}/conversations/CA-canary-id`;
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const GIVEN = `00-${TRACE}-${SPAN}-01`;

let platform;
let world;
let edge;
let operator;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform, metrics: true, vars: { PERCH_EVENT_RATE: "0" } });
  edge = world.edge.url;
  operator = await Operator.signIn(edge, world.keys.setup);
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});
beforeEach(() => {
  platform.requests.length = 0;
  answers(200, {}, "{}");
});

const answers = (status, headers, body) => {
  platform.answer = (_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body);
    return true;
  };
};

test("an operator's trace goes on to the platform with a span of the edge's own", async () => {
  const answer = await operator.get(LIST, { traceparent: GIVEN });
  const sent = platform.requests[0].headers.traceparent;
  assert.match(sent, new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  assert.ok(!sent.includes(SPAN), "the span is a new one");
  const event = await eventOf(world.edge, answer);
  assert.deepEqual([event.trace, event.parent, event.link], [TRACE, SPAN, undefined]);
  assert.equal(`00-${event.trace}-${event.span}-01`, sent, "both ends name the same span");
});

test("a trace that is spelled oddly is not continued", async () => {
  const odd = [GIVEN.toUpperCase(), `${GIVEN}-x`, `ff${GIVEN.slice(2)}`, GIVEN.replace(TRACE, "0".repeat(32)), "1"];
  for (const traceparent of odd) {
    await operator.get(LIST, { traceparent });
    const sent = platform.requests.at(-1).headers.traceparent;
    assert.match(sent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    assert.ok(!sent.includes(TRACE), traceparent);
  }
});

test("a visitor's trace is a link and never a parent", async () => {
  const headers = { origin: SHOP, "content-type": "application/json", traceparent: GIVEN };
  const answer = await call(edge, "POST", "/visitor/session", { headers, body: '{"site":"unknown"}' });
  assertRefused(answer, 404, "unknown_route");
  const event = await eventOf(world.edge, answer);
  assert.deepEqual([event.plane, event.route, event.link], ["visitor", "visitor.session", `${TRACE}-${SPAN}`]);
  assert.equal(event.parent, undefined);
  assert.notEqual(event.trace, TRACE);
  const stranger = await call(edge, "GET", LIST, { headers: { traceparent: GIVEN } });
  const refused = await eventOf(world.edge, stranger);
  assert.equal(refused.link, `${TRACE}-${SPAN}`, "nor is that of somebody without a session");
});

test("T33 an event names route and operation, and nothing that a caller sent", async () => {
  const marker = "canary-query-7f3a";
  const answer = await operator.get(`${LIST}?unknown=${marker}`, { "x-canary": marker, referer: marker });
  assertRefused(answer, 400, "query_not_allowed");
  answers(500, { server: marker, "content-length": marker.length }, marker);
  const failed = await operator.get(`${DETAIL}?`, { traceparent: GIVEN });
  assert.equal(failed.status, 500);
  const [refused, broken] = [await eventOf(world.edge, answer), await eventOf(world.edge, failed)];
  assert.equal(refused.refusal, "query_not_allowed");
  assert.deepEqual(
    [broken.plane, broken.route, broken.operation, broken.role, broken.method, broken.status, broken.refusal],
    ["operator", "api", "conversations.get", "admin", "GET", 500, undefined],
  );
  assert.equal(broken.bytes_out, marker.length);
  for (const time of [broken.at, broken.queue_ms, broken.upstream_ms, broken.total_ms]) {
    assert.ok(Number.isInteger(time) && time >= 0, JSON.stringify(broken));
  }
  assert.ok(broken.queue_ms + broken.upstream_ms <= broken.total_ms);
  for (const word of [marker, "CA-canary-id", ACCOUNT, PROJECT, "localhost", "?"]) {
    for (const start of ['{"event"', '{"point"']) assert.ok(lines(world.edge, start).every((line) => !line.includes(word)), word);
  }
  for (const line of lines(world.edge, '{"event"')) assert.ok(line.length <= 2_048);
});

test("a rate of nothing keeps refusals and failures only; of one, everything", async () => {
  const quiet = await operator.get(LIST);
  const loud = await operator.get("/api/platform/v3/none");
  await eventOf(world.edge, loud);
  assert.ok(!events(world.edge).some(({ id }) => id === quiet.headers["x-request-id"]));
  const other = await startWorld({ platform, vars: { PERCH_EVENT_RATE: "1" } });
  try {
    const event = await eventOf(other.edge, await call(other.edge.url, "GET", "/health"));
    assert.deepEqual([event.plane, event.route, event.status, event.sampled], ["public", "health.live", 200, 1]);
  } finally {
    await other.stop();
  }
});

test("every request is one point of metrics, in the documented order", async () => {
  const before = points(world.edge).length;
  await operator.get(LIST);
  await call(edge, "GET", "/health");
  await call(edge, "GET", "/nowhere");
  const all = await until("three points", () => points(world.edge).slice(before).length === 3 && points(world.edge));
  const [proxied, health, unknown] = all.slice(before);
  assert.deepEqual(proxied.blobs.slice(0, 4), ["operator", "api", "conversations.v3.list", "admin"]);
  assert.deepEqual(proxied.blobs.slice(5, 7), ["GET", "200"]);
  assert.deepEqual(health.blobs.slice(0, 2), ["public", "health.live"]);
  assert.deepEqual(unknown.blobs.slice(6, 8), ["404", "unknown_route"]);
  for (const point of [proxied, health, unknown]) {
    assert.deepEqual([point.indexes.length, point.blobs.length, point.doubles.length], [1, 11, 6]);
    assert.ok(point.doubles.every(Number.isFinite));
  }
});

test("T34 what administrators may see does not exist for anybody else", async () => {
  for (const path of ["/operator/metrics", "/health/upstream"]) {
    assertRefused(await call(edge, "GET", path), 404, "unknown_route", path);
    const forged = { cookie: operator.cookie.replace(/.{4}$/, "AAAA") };
    assertRefused(await call(edge, "GET", path, { headers: forged }), 404, "unknown_route", path);
  }
  for (const path of ["/debug", "/log", "/logs", "/metrics", "/operator/log", "/operator/debug", "/health/details"]) {
    assertRefused(await operator.get(path), 404, "unknown_route", path);
  }
  const answer = await operator.get("/operator/metrics");
  assert.equal(answer.status, 200);
  const { requests, statuses, refusals, upstream } = answer.json;
  assert.ok(requests > 10 && statuses[2] > 3 && statuses[4] > 3 && upstream > 3, answer.text);
  assert.ok(refusals.unknown_route >= 1);
});

test("T34 health says yes or no, and nothing of what is behind it", async () => {
  for (const path of ["/health", "/health/live"]) {
    const answer = await call(edge, "GET", path);
    assert.deepEqual(Object.keys(answer.json), ["status", "version"]);
    assertSecured(answer, path);
  }
  const ready = await call(edge, "GET", "/health/ready");
  assert.deepEqual([ready.status, ready.json], [200, { status: "ready" }]);
});

test("T34 an edge with a wrong configuration lives, is not ready, and does not say why", async () => {
  const broken = await startWorld({ platform, vars: { PERCH_ROOT_KEY: "canary-short" } });
  try {
    assert.equal((await call(broken.edge.url, "GET", "/health/live")).status, 200);
    const answer = await call(broken.edge.url, "GET", "/health/ready");
    assertRefused(answer, 503, "not_ready");
    assert.ok(!answer.text.includes("PERCH"));
    await until("the log names the variable", () => broken.edge.output().includes("PERCH_ROOT_KEY"));
    assert.ok(!broken.edge.output().includes("canary-short"));
  } finally {
    await broken.stop();
  }
});
