// What costs money or reaches people: confirmed, keyed, counted exactly, sent once.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { PROJECT } from "../support/edge.mjs";
import { assertRefused } from "../support/http.mjs";
import { startPlatform } from "../support/platform.mjs";
import { enrol } from "../support/roles.mjs";
import { startWorld } from "../support/world.mjs";

const CALLS = `/api/build/v1/agents/${PROJECT}/telephony/outbound-calls`;
const ID = "agents.outbound.create";
const BODY = { toNumber: "+447700900123", environment: "live" };
const QUOTA = { operator_hour: 40, operator_day: 60, all_hour: 70, all_day: 80 };

let platform;
let world;
let people;
before(async () => {
  platform = await startPlatform();
  const vars = { PERCH_SPENDING: JSON.stringify(QUOTA) };
  world = await startWorld({ platform, vars });
  const stepped = true;
  people = await enrol(world, {
    pat: { role: "publisher", stepped }, kim: { role: "publisher", stepped }, lee: { role: "publisher", stepped },
    sam: { role: "publisher" }, ada: { role: "admin", stepped }, ole: { role: "operator", stepped },
  }, { vars });
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});
beforeEach(() => {
  platform.requests.length = 0;
  answers(200, { callSid: "OUT-1", status: "QUEUED" });
});

/** What the platform says to every call from now on. */
function answers(status, value, wait = Promise.resolve()) {
  platform.answer = async (request, response) => {
    await wait;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    return true;
  };
}

function place(who, { key = randomUUID(), confirm = ID, body = BODY, headers = {} } = {}) {
  const own = { "content-type": "application/json", "idempotency-key": key, "x-perch-confirm": confirm, ...headers };
  const sent = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null));
  return who.call("POST", CALLS, { headers: sent, body: typeof body === "string" ? body : JSON.stringify(body) });
}

const reached = () => platform.requests.length;

test("T59 a call needs the role, presence, a confirmation by name and a key", () => platform.untouched(async () => {
  assertRefused(await place(people.ole), 403, "role_too_low");
  assertRefused(await place(people.sam), 403, "step_up_needed");
  for (const confirm of [null, "1", "true", "sms.send", ID.toUpperCase()]) {
    assertRefused(await place(people.pat, { confirm }), 428, "confirmation_missing", `${confirm}`);
  }
  for (const key of [null, "short", "fifteen-letters", "x".repeat(65), "with spaces in it", "sixteen,commas,,"]) {
    assertRefused(await place(people.pat, { key }), 400, "idempotency_key_missing", `${key}`);
  }
  for (const body of ["", "{", "[]", "null"]) assertRefused(await place(people.pat, { body }), 400, "bad_body", body);
  assertRefused(await place(people.pat, { body: { ...BODY, metadata: { a: "x".repeat(70_000) } } }), 413, "too_large");
}));

test("T59 the same key is answered from memory, another body under it is refused", async () => {
  const key = randomUUID();
  const first = await place(people.ada, { key });
  assert.equal(first.status, 200, first.text);
  assert.equal(first.headers["idempotency-replayed"], undefined);
  answers(500, { error: "must not be asked" });
  const again = await place(people.ada, { key });
  assert.deepEqual([again.status, again.text, again.headers["idempotency-replayed"]], [200, first.text, "true"]);
  assertRefused(await place(people.ada, { key, body: { ...BODY, toNumber: "+447700900124" } }), 409, "idempotency_key_reused");
  assert.equal(reached(), 1);
  answers(200, { callSid: "OUT-2" });
  assert.equal((await place(people.kim, { key })).json.callSid, "OUT-2", "a key is one operator's own");
});

test("T59 while the first is on its way the same key waits, and a key is sent once however often it comes", async () => {
  const door = Promise.withResolvers();
  answers(200, { callSid: "OUT-3" }, door.promise);
  const key = randomUUID();
  const all = Array.from({ length: 10 }, () => place(people.ada, { key }));
  const running = await Promise.race(all);
  assertRefused(running, 409, "idempotency_key_in_flight");
  door.resolve();
  const statuses = (await Promise.all(all)).map(({ status }) => status);
  assert.equal(reached(), 1);
  assert.ok(statuses.includes(200) && statuses.every((status) => status === 200 || status === 409), `${statuses}`);
});

test("T52 a refusal of the platform is given back, an answer that never came is not", async () => {
  for (const status of [400, 403, 429, 502]) {
    answers(status, { error: "no" });
    const key = randomUUID();
    assert.equal((await place(people.ada, { key })).status, status);
    answers(200, { callSid: "OUT-4" });
    assert.equal((await place(people.ada, { key })).status, 200, "the key is free again");
  }
  platform.answer = async (_, response) => response.destroy() && true;
  const lost = randomUUID();
  assertRefused(await place(people.ada, { key: lost }), 502, "upstream_unreachable");
  answers(200, { callSid: "OUT-5" });
  assertRefused(await place(people.ada, { key: lost }), 409, "outcome_unknown");
});

test("T52 T59 of 200 at once exactly as many pass as are left, for one operator and for all", async () => {
  const many = async (who) => {
    platform.requests.length = 0;
    const all = await Promise.all(Array.from({ length: 200 }, () => place(who)));
    const passed = all.filter(({ status }) => status === 200).length;
    assert.equal(reached(), passed);
    for (const answer of all.filter(({ status }) => status !== 200)) {
      assertRefused(answer, 429, "quota_exceeded");
      const wait = Number(answer.headers["retry-after"]);
      assert.ok(wait > 0 && wait <= 3_600, `${wait}`);
    }
    return passed;
  };
  assert.equal(await many(people.pat), QUOTA.operator_hour, "the operator's own hour");
  const spent = (await audit("action=agents.outbound.create&phase=done&limit=200")).filter(({ status, subject }) => status === 200 && subject !== "lee");
  // One whose answer never came is counted as well.
  assert.equal(await many(people.lee), QUOTA.all_hour - spent.length - 1, "what all others left of the hour");
});

test("T94 every call is in the record, before it and after", async () => {
  const rows = await audit("action=agents.outbound.create&limit=200");
  const of = (phase) => rows.filter((row) => row.phase === phase).map(({ request }) => request).sort();
  assert.deepEqual(of("intent"), of("done"));
  assert.ok(of("refused").length > 0);
});

async function audit(query) {
  const rows = [];
  for (let before = null; ;) {
    const { json } = await people.ada.get(`/operator/audit?${query}${before === null ? "" : `&before=${before}`}`);
    rows.push(...json.entries);
    before = json.before;
    if (before === null) return rows;
  }
}
