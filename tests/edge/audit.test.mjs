// The record of what operators did: what is in it, who may read it, and that it cannot be changed unseen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { assertRefused, assertSecured, call } from "../support/http.mjs";
import { noConversations, startPlatform } from "../support/platform.mjs";
import { enrol } from "../support/roles.mjs";
import { startWorld } from "../support/world.mjs";

const RECORD = "/operator/audit";

let platform;
let world;
let admin;
before(async () => {
  platform = await startPlatform({ answer: noConversations });
  world = await startWorld({ platform });
  ({ admin } = await enrol(world, { admin: { role: "admin", pii: true } }));
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});

/** Rows of the record, newest first. */
async function rows(query = "") {
  const answer = await admin.get(`${RECORD}?${query}`);
  assert.equal(answer.status, 200, answer.text);
  assertSecured(answer);
  return answer.json.entries;
}

test("T94 the record is an administrator's, and taking it away asks for presence and is recorded", async () => {
  for (const path of [RECORD, `${RECORD}/export`]) {
    assertRefused(await call(world.edge.url, "GET", path), 401, "not_signed_in");
    assertRefused(await admin.call("POST", path), 405, "method_not_allowed");
  }
  assertRefused(await admin.get(`${RECORD}?order=1`), 400, "query_not_allowed");
  assertRefused(await admin.get(`${RECORD}?limit=500`), 400, "bad_path");
  const refused = await admin.get(`${RECORD}/export`);
  assertRefused(refused, 403, "step_up_needed");
  const [row] = await rows("action=audit.export");
  assert.deepEqual(
    [row.phase, row.status, row.subject, row.role, row.request],
    ["refused", 403, "admin", "admin", refused.headers["x-request-id"]],
  );
});

const BRANCHES = `/api/build/v1/agents/${PROJECT}/branches`;
const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;

test("T94 a change is recorded before the platform hears of it, and its outcome after", async () => {
  let before = null;
  platform.answer = async (request, response) => {
    if (request.method !== "POST") return noConversations(request, response);
    before = await rows("limit=1");
    response.writeHead(409, { "content-type": "application/json" }).end("{}");
    return true;
  };
  const answer = await admin.call("POST", BRANCHES, { body: "{}", headers: { "content-type": "application/json" } });
  assert.equal(answer.status, 409, answer.text);
  const [done, intent] = await rows("action=agents.branches.create");
  assert.deepEqual([intent.phase, intent.status, done.phase, done.status], ["intent", 0, "done", 409]);
  assert.deepEqual(before, [intent], "the intent was there when the platform was asked");
  for (const row of [intent, done]) {
    assert.equal(row.request, answer.headers["x-request-id"]);
    assert.match(row.tenant, new RegExp(`/${ACCOUNT}/${PROJECT}$`));
  }
  assert.equal(done.previous, intent.hash);
  platform.answer = noConversations;
});

test("T94 personal data is recorded when it leaves, with the ids it was of; other reads are not", async () => {
  assert.equal((await admin.get(LIST)).status, 200);
  const one = await admin.get(`/api/build/v1/agents/${PROJECT}/conversations/CA-1`);
  assert.equal(one.status, 200);
  assert.equal((await admin.get(BRANCHES)).status, 404);
  const [second, first, ...older] = await rows("phase=read");
  assert.deepEqual([first.action, first.target, first.status], ["conversations.v3.list", "", 200]);
  assert.deepEqual([second.action, second.target], ["conversations.get", "conversationId=CA-1"]);
  assert.deepEqual(older, []);
});

test("T94 what is danger is refused without presence, and the refusal is recorded", async () => {
  await platform.untouched(async () => {
    const answer = await admin.call("DELETE", `/api/build/v1/agents/${PROJECT}`);
    assertRefused(answer, 403, "step_up_needed");
  });
  const [row] = await rows("action=agents.delete");
  assert.deepEqual([row.phase, row.status], ["refused", 403]);
});

test("T94 pages follow each other without gap or overlap", async () => {
  const all = await rows();
  const pieces = [];
  for (let before = null; ;) {
    const { json } = await admin.get(`${RECORD}?limit=2${before === null ? "" : `&before=${before}`}`);
    pieces.push(...json.entries);
    before = json.before;
    if (before === null) break;
  }
  assert.deepEqual(pieces, all);
  assert.deepEqual(all.map(({ seq }) => seq), all.map((_, at) => all.length - at));
});
