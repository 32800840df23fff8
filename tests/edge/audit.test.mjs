// The record of what operators did: what is in it, who may read it, and that it cannot be changed unseen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertRefused, assertSecured, call } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { noConversations, startPlatform } from "../support/platform.mjs";
import { startWorld } from "../support/world.mjs";

const RECORD = "/operator/audit";

let platform;
let world;
let admin;
before(async () => {
  platform = await startPlatform({ answer: noConversations });
  world = await startWorld({ platform });
  admin = await Operator.signIn(world.edge.url, world.keys.setup);
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
    ["refused", 403, admin.profile.subject, "admin", refused.headers["x-request-id"]],
  );
});
