// The chat over plain requests: nothing is said twice, nothing is said into a chat that is gone.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { assertRefused } from "../support/http.mjs";
import { startPlatform } from "../support/platform.mjs";
import { Visitor } from "../support/visitor.mjs";
import { until } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

let platform;
let world;
let edge;
let visitor;
/** What the platform heard, and what it does with the next message. */
let heard;
let next;
before(async () => {
  platform = await startPlatform({ answer: converse });
  world = await startWorld({ platform, site: { limits: { turns_per_minute: 100, messages_per_minute: 100 } } });
  edge = world.edge.url;
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});
beforeEach(async () => {
  heard = [];
  next = null;
  visitor = await Visitor.open(edge);
  assert.equal((await visitor.post("/visitor/chat/create", {})).status, 200);
});

async function converse(request, response, body) {
  const kind = /\/chat\/(create|respond|close)$/.exec(request.url)?.[1];
  if (!kind) return false;
  const reply = (status, value) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
  if (kind !== "respond") return reply(200, { conversation_id: "CONV-1", response: "Hello", success: true }), true;
  heard.push(JSON.parse(body).message);
  if (next !== null) return (await next(request, response, reply)), true;
  reply(200, { conversation_id: "CONV-1", response: `You said ${heard.at(-1)}`, end_conversation: false });
  return true;
}

const say = (message, turn) => visitor.post("/visitor/chat/respond", { message, turn });

test("a turn that is asked for again gets its answer again, and is not said again", async () => {
  const first = await say("hello", "t-1");
  assert.equal(first.status, 200, first.text);
  for (let at = 0; at < 3; at += 1) assert.deepEqual((await say("hello", "t-1")).json, first.json);
  assert.deepEqual(heard, ["hello"]);
  assert.equal((await say("hello", "t-2")).json.response, "You said hello");
  assert.deepEqual(heard, ["hello", "hello"]);
  // Without an id every request is a turn of its own.
  await say("again");
  await say("again");
  assert.equal(heard.length, 4);
});

test("one turn at a time: what comes meanwhile is told to wait", async () => {
  let release;
  next = (_, __, reply) => new Promise((done) => {
    release = () => {
      reply(200, { conversation_id: "CONV-1", response: "done", end_conversation: false });
      done();
    };
  });
  const slow = say("slow", "t-1");
  await until("it is heard", () => heard.length === 1);
  for (const turn of ["t-1", "t-2", undefined]) {
    const busy = await say("meanwhile", turn);
    assertRefused(busy, 409, "turn_pending", turn);
    assert.ok(Number(busy.headers["retry-after"]) > 0);
  }
  release();
  assert.equal((await slow).json.response, "done");
  assert.equal((await say("slow", "t-1")).json.response, "done");
  assert.deepEqual(heard, ["slow"]);
});

test("what the platform refused was not said and may be said again; what was cut off is not said twice", async () => {
  next = (_, __, reply) => reply(429, { message: "too many" });
  assertRefused(await say("first", "t-1"), 429, "too_many_requests");
  next = null;
  assert.equal((await say("first", "t-1")).json.response, "You said first");

  next = (_, response) => response.destroy();
  assertRefused(await say("second", "t-2"), 502, "upstream_unreachable");
  next = null;
  assertRefused(await say("second", "t-2"), 409, "turn_lost");
  assert.deepEqual(heard, ["first", "first", "second"]);
  assert.equal((await say("third", "t-3")).status, 200);
});

test("an ended chat takes no more turns, but its last answer can be had again", async () => {
  next = (_, __, reply) => reply(200, {
    conversation_id: "CONV-1", response: "A person takes over.", end_conversation: true,
    handoff: { destination: "support", reason: "asked", internal: "notes" },
  });
  const last = await say("a person please", "t-9");
  assert.deepEqual([last.json.ended, last.json.handoff], [true, { destination: "support", reason: "asked" }]);
  assert.deepEqual((await say("a person please", "t-9")).json, last.json);
  assertRefused(await say("still there?", "t-10"), 409, "session_ended");
  assert.equal((await visitor.post("/visitor/chat/create", {})).status, 200, "a new one may begin");
});

test("a chat that the platform has forgotten is over, and a new one may begin", async () => {
  next = (_, __, reply) => reply(404, { message: "conversation CONV-1 not found for key canary" });
  const gone = await say("anyone?", "t-1");
  assertRefused(gone, 409, "session_ended");
  assert.ok(!gone.text.includes("CONV-1") && !gone.text.includes("canary"));
  assert.equal((await visitor.post("/visitor/chat/create", {})).status, 200);
});

test("ids of turns have a length, and are the session's own", async () => {
  for (const turn of ["", "x".repeat(65), 7, {}]) assertRefused(await say("hi", turn), 400, "bad_body", JSON.stringify(turn).slice(0, 10));
  await say("mine", "t-1");
  const other = await Visitor.open(edge);
  await other.post("/visitor/chat/create", {});
  const answer = await other.post("/visitor/chat/respond", { message: "theirs", turn: "t-1" });
  assert.equal(answer.json.response, "You said theirs");
});
