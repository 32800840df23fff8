// What operators change at the edge itself stands in the record, like what they change at the platform.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertRefused } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { startPlatform } from "../support/platform.mjs";
import { Visitor } from "../support/visitor.mjs";
import { startWorld } from "../support/world.mjs";

let platform;
let world;
let admin;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform });
  admin = await Operator.signIn(world.edge.url, world.keys.setup);
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});

/** The rows of one action, the newest first: phase, target, status. */
async function rows(action) {
  const answer = await admin.get(`/operator/audit?action=${action}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.entries.map(({ phase, target, status, subject }) => ({ phase, target, status, subject }));
}

const send = (method, path, body) =>
  admin.call(method, path, { body: body && JSON.stringify(body), headers: body ? { "content-type": "application/json", "content-length": JSON.stringify(body).length } : {} });

test("T94 ending a visitor's session is recorded, also when there was none", async () => {
  const { session } = await Visitor.open(world.edge.url);
  assert.equal((await send("DELETE", `/operator/visitors/${session}`)).status, 204);
  const { subject } = admin.profile;
  assert.deepEqual(await rows("visitors.end"), [
    { phase: "done", target: session, status: 204, subject }, { phase: "intent", target: session, status: 0, subject },
  ]);
  assertRefused(await send("DELETE", "/operator/visitors/AAAAAAAAAAAAAAAAAAAAAA"), 404, "unknown_route");
  assert.equal((await rows("visitors.end"))[0].status, 404);
});

test("T94 closing and opening a site is recorded, reading how it stands is not", async () => {
  assert.equal((await send("PUT", "/operator/sites/shop", { closed: true, end_all: true })).json.closed, true);
  assert.equal((await send("PUT", "/operator/sites/shop", { closed: false })).json.closed, false);
  assert.deepEqual((await rows("sites.close")).map(({ phase, target, status }) => [phase, target, status]), [["done", "shop", 200], ["intent", "shop", 0]]);
  assert.equal((await rows("sites.open")).length, 2);
  const before = (await admin.get("/operator/audit")).json.entries.length;
  assert.equal((await admin.get("/operator/sites/shop")).status, 200);
  assert.equal((await admin.get("/operator/audit")).json.entries.length, before);
});

test("T94 ending operators' sessions is recorded", async () => {
  assert.equal((await send("DELETE", "/operator/sessions", { others: true })).json.ended, 0);
  assertRefused(await send("DELETE", "/operator/sessions/AAAA"), 404, "unknown_route");
  assert.deepEqual((await rows("sessions.end")).map(({ phase, target, status }) => [phase, target, status]),
    [["done", "AAAA", 404], ["intent", "AAAA", 0], ["done", "", 200], ["intent", "", 0]]);
});
