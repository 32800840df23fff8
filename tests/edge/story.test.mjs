// The whole way without a browser: a visitor and the simulated platform, through the worker.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { assertRefused } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { descendants, runs } from "../support/process.mjs";
import { Visitor } from "../support/visitor.mjs";
import { until, within } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

/** In every wording of the answer, and not in the greeting. */
const RETURNS = /60 days/;
const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;

let world;
let edge;
let simulator;
let operator;
before(async () => {
  world = await startWorld();
  ({ simulator } = world);
  edge = world.edge.url;
  operator = await Operator.signIn(edge, world.keys.setup);
});
after(() => world?.stop());
afterEach(() => simulator.clearFaults());

/** A visitor whose agent has said hello. */
async function greeted() {
  const visitor = await Visitor.open(edge);
  const wire = await visitor.socket();
  await wire.type("EVENT_TYPE_SESSION_START");
  wire.join();
  await wire.answer("of greeting", /Juno/);
  return { visitor, wire };
}

const cursor = (wire) => Math.max(...wire.events().map(({ sequence }) => sequence ?? 0));

test("a visitor asks, the answer streams in chunks, and the echo is the receipt", async () => {
  const { wire } = await greeted();
  wire.say("What is your return policy?", "c-1");
  const echo = await wire.event("the echo", ({ type, metadata }) =>
    type === "EVENT_TYPE_USER_MESSAGE" && metadata?.custom?.client_event_id === "c-1");
  assert.ok(echo.payload.message_id && echo.sequence > 0);
  const answer = await wire.answer("about returns", RETURNS);
  assert.ok(answer.length > 40);
  const chunks = wire.events().filter(({ type }) => type === "EVENT_TYPE_POLY_AGENT_MESSAGE_CHUNK");
  assert.ok(chunks.length >= 8, "greeting and answer came in several chunks each");
  await wire.close();
});

test("T79 after a break the same session goes on from the cursor, with nothing twice and nothing lost", async () => {
  const { visitor, wire } = await greeted();
  await simulator.faults({ drop_mid_chunk: 1 });
  wire.say("What is your return policy?", "c-2");
  const { code, at } = await within("the socket breaks", wire.closed);
  assert.ok(code !== 1000, `${code}`);
  assert.ok(at);
  const before = wire.events().map(({ id }) => id);
  const requests = await simulator.during(async () => {
    const again = await visitor.socket({ cursor: cursor(wire) });
    await again.event("the rest", ({ type, payload }) =>
      type === "EVENT_TYPE_POLY_AGENT_MESSAGE_CHUNK" && payload.is_complete);
    const later = again.events().filter(({ sequence }) => sequence);
    assert.deepEqual(later.filter(({ id }) => before.includes(id)), [], "nothing comes twice");
    assert.ok(!later.some(({ type }) => type === "EVENT_TYPE_SESSION_START"), "it is the same session");
    wire.frames.push(...again.frames);
    assert.equal(wire.answers().filter((text) => RETURNS.test(text)).length, 1, "the answer is whole");
    await again.close();
  });
  assert.deepEqual(requests.map(({ method, path }) => `${method} ${path}`), ["GET /ws"]);
});

test("T79 after a reload the resume handle brings the history back without a new session", async () => {
  const { visitor, wire } = await greeted();
  wire.say("Do you have a jacket?", "c-3");
  await wire.event("cards", ({ payload }) => payload?.attachments?.length > 0);
  await wire.close();
  let again;
  const requests = await simulator.during(async () => {
    const back = await Visitor.open(edge, { resume: visitor.resume });
    assert.equal(back.resumed, true);
    assert.equal(back.session, visitor.session);
    again = await back.socket();
    await again.type("EVENT_TYPE_SESSION_START");
  });
  assert.deepEqual(requests.map(({ path }) => path), ["/ws"]);
  await again.event("what was said", ({ type, payload }) => type === "EVENT_TYPE_USER_MESSAGE" && /jacket/.test(payload.text));
  await again.answer("from before", /Juno/);
  await again.close();
});

test("every socket dropped at once: each visitor hears of it promptly", async () => {
  const all = await Promise.all([greeted(), greeted(), greeted()]);
  const began = Date.now();
  await simulator.dropSockets();
  for (const { wire } of all) {
    const { at } = await within("the socket closes", wire.closed);
    assert.ok(at - began < 5_000, `${at - began} ms`);
  }
});

test("an access token the platform expired closes with 4001, and the next session is new", async () => {
  const { visitor, wire } = await greeted();
  await wire.close();
  await simulator.faults({ expire_tokens: true });
  const lost = await visitor.socket();
  assert.equal((await within("the socket closes", lost.closed)).code, 4001);
  await until("the handle is void", async () => !(await Visitor.open(edge, { resume: visitor.resume })).resumed);
});

test("doubled and reordered events still make one conversation", async () => {
  await simulator.faults({ duplicate_events: true, reorder_events: true });
  const { wire } = await greeted();
  wire.say("What is your return policy?");
  await wire.answer("about returns", RETURNS);
  await wire.close();
});

test("a person takes over after the queue, answers, and the conversation ends", async () => {
  const { wire } = await greeted();
  wire.say("I want to talk to a person");
  const queue = (n) => wire.event(`place ${n}`, ({ type, payload }) =>
    type === "EVENT_TYPE_HANDOFF_QUEUE_STATUS" && payload.position_in_queue === n);
  await queue(2);
  await queue(1);
  const joined = await wire.type("EVENT_TYPE_LIVE_AGENT_JOINED");
  assert.equal(joined.payload.agent.name, "Imre");
  await wire.type("EVENT_TYPE_LIVE_AGENT_MESSAGE");
  wire.send({ type: "EVENT_TYPE_USER_END_SESSION", payload: {} });
  const end = await wire.type("EVENT_TYPE_SESSION_END");
  assert.equal(end.payload.reason, "REASON_USER_END");
});

test("the operator finds the conversation just held, by its words, with its turns", async () => {
  const { wire } = await greeted();
  const phrase = "zephyrine umbrella returns";
  wire.say(phrase);
  await wire.answer("about returns", RETURNS);
  wire.send({ type: "EVENT_TYPE_USER_END_SESSION", payload: {} });
  await wire.type("EVENT_TYPE_SESSION_END");
  const row = await until("the list has it", async () => {
    const times = [-3_600_000, 3_600_000].map((shift) => new Date(Date.now() + shift).toISOString());
    const range = `start_time=${times[0]}&end_time=${times[1]}`;
    const list = await operator.get(`${LIST}?limit=5&query_type=transcript&query=zephyrine&${range}`);
    assert.equal(list.status, 200, list.text);
    return list.json.conversations[0];
  });
  assert.equal(row.account_id, ACCOUNT);
  const detail = await operator.get(`/api/build/v1/agents/${PROJECT}/conversations/${row.id}`);
  assert.equal(detail.status, 200, detail.text);
  assert.match(detail.text, /zephyrine umbrella/);
});

test("pages of the list follow the cursor without a gap or a repeat", async () => {
  const ids = [];
  let after = null;
  for (let page = 0; page < 4; page += 1) {
    const { json } = await operator.get(`${LIST}?limit=10${after ? `&cursor=${encodeURIComponent(after)}` : ""}`);
    ids.push(...json.conversations.map(({ id }) => id));
    after = json.cursor;
    assert.ok(after, "there is more");
  }
  assert.equal(ids.length, 40);
  assert.equal(new Set(ids).size, 40);
});

test("the fallback chat tells the whole story over plain requests", async () => {
  const visitor = await Visitor.open(edge);
  const early = await visitor.post("/visitor/chat/respond", { message: "hello?" });
  assertRefused(early, 409, "session_ended");
  const say = async (message) => {
    const { status, json, text } = await visitor.post("/visitor/chat/respond", { message });
    assert.equal(status, 200, text);
    assert.deepEqual(Object.keys(json), ["response", "ended", "handoff"]);
    return json;
  };
  const begun = await visitor.post("/visitor/chat/create", {});
  assert.equal(begun.status, 200, begun.text);
  assert.match(begun.json.response, /Juno/);
  assert.match((await say("What is your return policy?")).response, RETURNS);
  assert.match((await say("where is my order")).response, /order number/i);
  const order = await say("FH-10423");
  assert.match(order.response, /FH-10423/);
  assert.deepEqual([order.ended, order.handoff], [false, null]);
  const last = await say("talk to a person");
  assert.equal(last.ended, true);
  assert.deepEqual(Object.keys(last.handoff), ["destination", "reason"]);
  assertRefused(await visitor.post("/visitor/chat/respond", { message: "still there?" }), 409, "session_ended");
});

test("the fallback chat can be closed, twice, and a message has its limit", async () => {
  const visitor = await Visitor.open(edge);
  await visitor.post("/visitor/chat/create", {});
  assertRefused(await visitor.post("/visitor/chat/respond", { message: "x".repeat(9_000) }), 413, "too_large");
  for (const body of [{}, { message: 7 }, { message: "hi", conversation_id: "CONV-1" }, { text: "hi" }]) {
    assertRefused(await visitor.post("/visitor/chat/respond", body), 400, "bad_body", JSON.stringify(body));
  }
  for (let turn = 0; turn < 2; turn += 1) {
    const { status, json } = await visitor.post("/visitor/chat/close", {});
    assert.deepEqual([status, json.ended], [200, true]);
  }
});

test("platform faults become fixed refusals, and what follows works", async () => {
  await simulator.faults({ error: { status: 503, every: 1 } });
  const opened = await new Visitor(edge).post("/visitor/session", { site: "shop" }, {});
  assertRefused(opened, 502, "upstream_refused");
  await simulator.faults({ rate_limit: { every: 1, retry_after_seconds: 3 } });
  const limited = await operator.get(LIST);
  assert.deepEqual([limited.status, limited.headers["retry-after"]], [429, "3"]);
  await simulator.clearFaults();
  await Visitor.open(edge);
  // The platform asked for three seconds without requests, and gets them.
  const held = await simulator.during(async () => assertRefused(await operator.get(LIST), 429, "upstream_busy"));
  assert.deepEqual(held, []);
  await until("the key may be used again", async () => (await operator.get(LIST)).status === 200);
});

test("sessions of a site have a limit per minute, told with the seconds to wait", async () => {
  const limited = await startWorld({ site: { sessions_per_minute: 3 } });
  try {
    const visitor = new Visitor(limited.edge.url);
    const open = () => visitor.post("/visitor/session", { site: "shop" }, {});
    for (let turn = 0; turn < 3; turn += 1) assert.equal((await open()).status, 201);
    const calls = await limited.simulator.during(async () => {
      const over = await open();
      assertRefused(over, 429, "too_many_requests");
      const wait = Number(over.headers["retry-after"]);
      assert.ok(wait >= 1 && wait <= 61, `${wait}`);
    });
    assert.deepEqual(calls, []);
  } finally {
    await limited.stop();
  }
});

test("stopping leaves no process behind, whichever way it is told", async () => {
  for (const stop of [(one) => one.stop("SIGTERM"), (one) => one.stop("SIGINT"), (one) => one.closeInput()]) {
    const one = await startWorld();
    try {
      const children = await descendants(one.edge.pid);
      assert.ok(children.length > 0, "workerd runs");
      await stop(one.edge);
      const { code } = await within("the runtime ends", one.edge.exited);
      assert.equal(code, 0);
      for (const child of children) await until(`process ${child} is gone`, async () => !(await runs(child)));
    } finally {
      await one.stop();
    }
  }
});
