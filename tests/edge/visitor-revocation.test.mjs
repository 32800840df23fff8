// Ending chats: one visitor's, a whole site's, by operators and by visitors, on open sockets and everywhere else.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { SHOP } from "../support/edge.mjs";
import { assertRefused, call } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { startPlatform } from "../support/platform.mjs";
import { Visitor } from "../support/visitor.mjs";
import { until, within } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

/** Within how many milliseconds everything that was revoked is refused. */
const BOUND_MS = 5_000;

let platform;
let world;
let edge;
let operator;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform });
  edge = world.edge.url;
  operator = await Operator.signIn(edge, world.keys.setup);
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});
beforeEach(() => {
  platform.handshakes.length = 0;
});

const stop = (wish, site = "shop") => operator.call("PUT", `/operator/sites/${site}`, { body: JSON.stringify(wish) });

/** Every way a visitor can go on. */
async function assertOver(visitor, code = "session_ended") {
  for (const path of ["/visitor/ticket", "/visitor/chat/create", "/visitor/chat/respond", "/visitor/chat/close"]) {
    assertRefused(await visitor.post(path, path.endsWith("respond") ? { message: "hi" } : {}), 409, code, path);
  }
  const renewed = await visitor.post("/visitor/session", { site: "shop", resume: visitor.resume, renew: true }, {});
  assertRefused(renewed, 409, "session_ended");
}

test("T09 T74 an operator ends one session: its sockets close with 4001, its token and tickets are good for nothing", async () => {
  const visitor = await Visitor.open(edge);
  const bystander = await Visitor.open(edge);
  const wires = await Promise.all([visitor.socket(), visitor.socket(), bystander.socket()]);
  const spare = await visitor.ticket();
  await until("all are dialled", () => platform.handshakes.length === 3);
  const began = Date.now();
  assert.equal((await operator.call("DELETE", `/operator/visitors/${visitor.session}`)).status, 204);
  for (const wire of wires.slice(0, 2)) {
    const { code, at } = await within("the socket closes", wire.closed);
    assert.equal(code, 4001);
    assert.ok(at - began < BOUND_MS, `${at - began} ms`);
  }
  assertRefused(await visitor.dial(spare).refusal(), 401, "ticket_invalid");
  await assertOver(visitor);
  assert.equal((await bystander.post("/visitor/ticket", {})).status, 201);
  await wires[2].close();
  assertRefused(await operator.call("DELETE", `/operator/visitors/${visitor.session}`), 404, "unknown_route");
});

test("T09 T74 a site is stopped: every open socket of it closes, every session of it is over, other sites go on", async () => {
  const visitors = await Promise.all(Array.from({ length: 12 }, () => Visitor.open(edge)));
  const other = await Visitor.open(edge, { site: "other", origin: "https://other.example:8443" });
  const wires = await Promise.all([...visitors, other].map((visitor) => visitor.socket()));
  const began = Date.now();
  const stopped = await stop({ end_all: true, closed: true });
  assert.equal(stopped.status, 200, stopped.text);
  assert.deepEqual(Object.keys(stopped.json), ["closed", "ended_before"]);
  for (const wire of wires.slice(0, -1)) {
    const { code, at } = await within("the socket closes", wire.closed);
    assert.equal(code, 4001);
    assert.ok(at - began < BOUND_MS, `${at - began} ms`);
  }
  for (const visitor of visitors) await assertOver(visitor);
  const body = JSON.stringify({ site: "shop" });
  const headers = { origin: SHOP, "content-type": "application/json" };
  assertRefused(await call(edge, "POST", "/visitor/session", { headers, body }), 503, "site_closed");
  assert.equal((await other.post("/visitor/ticket", {})).status, 201);
  await wires.at(-1).close();

  assert.equal((await stop({ closed: false })).json.closed, false);
  // Within the second of the stop a session counts as opened before it.
  await until("the site is open again", async () => {
    const visitor = await Visitor.open(edge);
    return (await visitor.post("/visitor/ticket", {})).status === 201;
  });
  await assertOver(visitors[0]);
});

test("T74 a visitor who ends the session closes its sockets", async () => {
  const visitor = await Visitor.open(edge);
  const wire = await visitor.socket();
  const answer = await visitor.post("/visitor/end", {});
  assert.equal(answer.status, 204);
  assert.equal(answer.headers["access-control-allow-origin"], SHOP);
  assert.equal((await within("the socket closes", wire.closed)).code, 4001);
  await assertOver(visitor);
  assert.equal((await visitor.post("/visitor/end", {})).status, 204, "twice is once");
});

test("T05 only operators end chats: no visitor's token, no page of another origin, no unmarked request", async () => {
  const visitor = await Visitor.open(edge);
  for (const [method, path] of [["DELETE", `/operator/visitors/${visitor.session}`], ["PUT", "/operator/sites/shop"], ["GET", "/operator/sites/shop"]]) {
    const headers = { authorization: `Bearer ${visitor.token}`, "x-perch": "1", "content-type": "application/json" };
    const body = method === "PUT" ? '{"closed":true}' : undefined;
    assertRefused(await call(edge, method, path, { headers, body }), 401, "not_signed_in", `${method} ${path}`);
  }
  for (const path of ["/operator/visitors/short", "/operator/visitors/x.y", "/operator/sites/nowhere", "/operator/sites/"]) {
    const method = path.includes("visitors") ? "DELETE" : "GET";
    assertRefused(await operator.call(method, path), 404, "unknown_route", path);
  }
  for (const wish of ["{}", '{"closed":1}', '{"closed":true,"more":1}', "nothing"]) {
    assertRefused(await operator.call("PUT", "/operator/sites/shop", { body: wish }), 400, "bad_body", wish);
  }
  assert.equal((await visitor.post("/visitor/ticket", {})).status, 201);
});

test("renewing a session that is over opens no other", async () => {
  const visitor = await Visitor.open(edge);
  await visitor.post("/visitor/end", {});
  await platform.untouched(async () => {
    for (const resume of [visitor.resume, "", undefined, visitor.token]) {
      const answer = await visitor.post("/visitor/session", { site: "shop", renew: true, resume }, {});
      assertRefused(answer, 409, "session_ended");
    }
  });
});

test("the platform's token is minted once per session, whatever the visitor does", async () => {
  platform.requests.length = 0;
  const visitor = await Visitor.open(edge);
  for (let turn = 0; turn < 3; turn += 1) {
    await (await visitor.socket()).close();
    await visitor.post("/visitor/session", { site: "shop", resume: visitor.resume, renew: true }, {});
  }
  assert.deepEqual(platform.requests.map(({ url }) => url), ["/api/v1/access-token", "/api/v1/sessions"]);
});
