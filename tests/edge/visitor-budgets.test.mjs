// What one session, one address and one site may ask for: exact at the quota, stated in seconds, not fooled.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SHOP } from "../support/edge.mjs";
import { assertRefused, call } from "../support/http.mjs";
import { startPlatform } from "../support/platform.mjs";
import { Visitor } from "../support/visitor.mjs";
import { until } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const LIMITS = {
  site_sessions_per_minute: 40, resumes_per_minute: 4, tickets_per_minute: 6, sockets: 3,
  messages_per_minute: 5, messages_per_session: 8, chats_per_minute: 2, turns_per_minute: 4,
};

let platform;
before(async () => {
  platform = await startPlatform({ answer: chatPlatform });
});
after(() => platform?.stop());

/** A platform that also holds turn-by-turn chats. */
function chatPlatform(request, response) {
  const kind = /\/chat\/(create|respond|close)$/.exec(request.url)?.[1];
  if (!kind) return false;
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ conversation_id: "CONV-1", response: kind, end_conversation: false, success: true }));
  return true;
}

async function within(site, work) {
  const world = await startWorld({ platform, site });
  try {
    await work(world.edge.url);
  } finally {
    await world.stop();
  }
}

const open = (edge, headers = {}) => call(edge, "POST", "/visitor/session", {
  headers: { origin: SHOP, "content-type": "application/json", ...headers }, body: '{"site":"shop"}',
});

/** Checks that `answers` holds exactly `quota` successes and that all others say when to come back. */
function assertQuota(answers, quota, about) {
  const refused = answers.filter(({ status }) => status === 429);
  assert.equal(answers.length - refused.length, quota, about);
  assert.ok(answers.every(({ status }) => status === 429 || status < 300), about);
  for (const answer of refused) {
    assertRefused(answer, 429, "too_many_requests", about);
    const wait = Number(answer.headers["retry-after"]);
    assert.ok(wait >= 1 && wait <= 61, `${about}: ${wait}`);
  }
}

const many = (count, one) => Promise.all(Array.from({ length: count }, (_, at) => one(at)));

test("T51 T52 of 200 requests at once exactly the quota of a site opens sessions", async () => {
  await within({ limits: LIMITS }, async (edge) => {
    assertQuota(await many(200, () => open(edge)), 40, "site");
    assertQuota([await open(edge)], 0, "and none later");
  });
});

test("T51 T52 of 200 requests at once exactly the quota of an address opens sessions", async () => {
  await within({ sessions_per_minute: 7 }, async (edge) => {
    assertQuota(await many(200, () => open(edge)), 7, "address");
  });
});

test("T52 a session that the platform failed to open is not counted", async () => {
  await within({ sessions_per_minute: 2, limits: { site_sessions_per_minute: 2 } }, async (edge) => {
    platform.answer = (request, response) => {
      response.writeHead(503, { "content-type": "application/json" });
      response.end("{}");
      return true;
    };
    for (let turn = 0; turn < 4; turn += 1) assertRefused(await open(edge), 502, "upstream_refused");
    platform.answer = chatPlatform;
    assertQuota(await many(4, () => open(edge)), 2, "after the failures");
  });
});

test("T54 T60 an address is what the network says, a /64 of IPv6, and nothing a caller writes", async () => {
  await within({ sessions_per_minute: 2 }, async (edge) => {
    const from = (address, more = {}) => open(edge, { "cf-connecting-ip": address, ...more });
    assertQuota([await from("2001:db8:1:2::1"), await from("2001:db8:1:2:ffff::9"), await from("2001:db8:1:2:a:b:c:d")], 2, "one /64");
    assertQuota([await from("2001:db8:1:3::1")], 1, "the next /64");
    assertQuota([await from("203.0.113.1"), await from("203.0.113.1"), await from("::ffff:203.0.113.1")], 2, "IPv4");
    const forged = (at) => from("203.0.113.2", {
      "x-forwarded-for": `198.51.100.${at}`, forwarded: `for=198.51.100.${at}`, "x-real-ip": `198.51.100.${at}`,
      "true-client-ip": `198.51.100.${at}`, "x-client-ip": `198.51.100.${at}`, "cf-connecting-ipv6": `2001:db8::${at}`,
    });
    assertQuota([await forged(1), await forged(2), await forged(3)], 2, "forged");
  });
});

test("T51 a session's budgets are exact kind by kind, also at once", async () => {
  await within({ limits: LIMITS }, async (edge) => {
    const visitor = await Visitor.open(edge);
    assertQuota(await many(30, () => visitor.post("/visitor/ticket", {})), 6, "tickets");
    assertQuota(await many(30, () => visitor.post("/visitor/session", { site: "shop", resume: visitor.resume }, {})), 4, "resumes");
    const other = await Visitor.open(edge);
    const created = await many(10, () => other.post("/visitor/chat/create", {}));
    assert.equal(created.filter(({ status }) => status === 200).length, 1);
    assert.equal(created.filter(({ status }) => status === 409).length, 9, "one chat at a time");
    const turns = [];
    for (let turn = 0; turn < 6; turn += 1) turns.push(await other.post("/visitor/chat/respond", { message: "hi" }));
    assertQuota(turns, 4, "turns");
    await other.post("/visitor/chat/close", {});
    const chats = [];
    for (let turn = 0; turn < 3; turn += 1) {
      chats.push(await other.post("/visitor/chat/create", {}));
      await other.post("/visitor/chat/close", {});
    }
    assertQuota(chats, 1, "chats: one was begun before");
  });
});

test("T51 a session has so many sockets at once, and one that closes makes room", async () => {
  await within({ limits: { ...LIMITS, tickets_per_minute: 20 } }, async (edge) => {
    const visitor = await Visitor.open(edge);
    const wires = await many(3, () => visitor.socket());
    const over = await visitor.dial(await visitor.ticket()).refusal();
    assertRefused(over, 429, "too_many_requests");
    await wires[0].close();
    // The object hears of it a moment later; each attempt costs a ticket.
    let again = null;
    for (let turn = 0; turn < 10 && again === null; turn += 1) {
      const wire = visitor.dial(await visitor.ticket());
      again = await wire.opened.then(() => wire, () => null);
    }
    assert.ok(again, "there is room again");
    for (const wire of [...wires.slice(1), again]) await wire.close();
  });
});

test("T51 messages have a budget that sockets and plain requests share, and a budget for life", async () => {
  await within({ limits: { ...LIMITS, turns_per_minute: 20, messages_per_minute: 5, messages_per_session: 5 } }, async (edge) => {
    const visitor = await Visitor.open(edge);
    const heard = [];
    platform.socket = (ws) => ws.on("message", (data) => heard.push(JSON.parse(data)));
    const [first, second] = await many(2, () => visitor.socket());
    for (const [wire, id] of [[first, "c-1"], [second, "c-2"], [first, "c-3"]]) wire.say("hello", id);
    first.send({ type: "EVENT_TYPE_HEARTBEAT", payload: {} });
    await visitor.post("/visitor/chat/create", {});
    await until("all is heard", () => heard.length === 4);
    for (let turn = 0; turn < 2; turn += 1) {
      assert.equal((await visitor.post("/visitor/chat/respond", { message: "hi" })).status, 200);
    }
    second.say("one too many", "c-4");
    const refused = await second.event("the refusal", ({ type }) => type === "EVENT_TYPE_SYSTEM_MESSAGE");
    assert.equal(refused.metadata.custom.client_event_id, "c-4");
    const over = await visitor.post("/visitor/chat/respond", { message: "hi" });
    assertRefused(over, 429, "too_many_requests");
    assert.ok(Number(over.headers["retry-after"]) > 61, "not before the session is over");
    // Order is kept, what is no message passes, and the socket stays.
    first.send({ type: "EVENT_TYPE_USER_TYPING", payload: {} });
    await until("typing is heard", () => heard.length === 5);
    assert.deepEqual(heard.map(({ type }) => type.replace("EVENT_TYPE_", "")).sort(),
      ["HEARTBEAT", "USER_MESSAGE", "USER_MESSAGE", "USER_MESSAGE", "USER_TYPING"]);
    await Promise.all([first.close(), second.close()]);
  });
});
