// Sessions as operators see them: a list, and ending them one by one or together.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { assertRefused, call } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { noConversations, startPlatform } from "../support/platform.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

describe("sessions", () => {
  let platform;
  let world;
  let edge;
  let operator;
  before(async () => {
    platform = await startPlatform({ answer: noConversations });
    world = await startWorld({ platform });
    edge = world.edge.url;
    operator = await Operator.signIn(edge, world.keys.setup, { "user-agent": CHROME });
  });
  after(async () => {
    await world?.stop();
    await platform?.stop();
  });

  test("T08 the list says who is signed in where, and nothing that could be used", async () => {
    const answer = await operator.get("/operator/sessions");
    assert.equal(answer.status, 200, answer.text);
    const [session, ...more] = answer.json.sessions;
    assert.deepEqual(more, []);
    const { id, created_at: created, seen_at: seen, ...rest } = session;
    assert.deepEqual(rest, { subject: "setup", role: "admin", provider: "setup", agent: "Chrome on Linux", current: true });
    assert.match(id, /^[\w-]{43}$/);
    assert.ok(created <= seen && seen <= Date.now() / 1000 + 1);
    assert.ok(!operator.cookie.includes(id), "the fingerprint is not part of the cookie");
    // As a cookie it opens nothing.
    const planted = await call(edge, "GET", LIST, { headers: { cookie: `__Host-perch=${id}` } });
    assertRefused(planted, 401, "not_signed_in");
  });

  test("T16 ending sessions needs the header, and only plain ids are addresses", async () => {
    const [{ id }] = (await operator.get("/operator/sessions")).json.sessions;
    for (const path of ["/operator/sessions", `/operator/sessions/${id}`]) {
      const answer = await call(edge, "DELETE", path, { headers: { cookie: operator.cookie } });
      assertRefused(answer, 403, "header_missing", path);
      assertRefused(await call(edge, "DELETE", path, { headers: { "x-perch": "1" } }), 401, "not_signed_in", path);
    }
    assertRefused(await operator.call("DELETE", "/operator/sessions/"), 404, "unknown_route");
    assertRefused(await operator.call("DELETE", "/operator/sessions/a.b"), 404, "unknown_route");
    assertRefused(await operator.call("DELETE", "/operator/sessions/unknown"), 404, "unknown_route");
    for (const body of ["", "{}", '{"others":false}', '{"subject":7}', '{"others":true,"subject":"x"}']) {
      assertRefused(await operator.call("DELETE", "/operator/sessions", { body }), 400, "bad_body", body);
    }
    assert.equal((await operator.get(LIST)).status, 200);
  });

  test("T09 a session that is ended opens nothing any longer, not even for the sender", async () => {
    const [{ id }] = (await operator.get("/operator/sessions")).json.sessions;
    assert.equal((await operator.get(LIST)).status, 200);
    assert.equal((await operator.call("DELETE", `/operator/sessions/${id}`)).status, 204);
    platform.requests.length = 0;
    assertRefused(await operator.get(LIST), 401, "not_signed_in");
    assertRefused(await operator.get("/operator/sessions"), 401, "not_signed_in");
    assert.deepEqual(platform.requests, []);
  });
});
