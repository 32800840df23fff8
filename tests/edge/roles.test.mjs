// Every operation for every role, over the worker itself; and which tenant's rows come back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { OPERATIONS } from "../support/exchanges.mjs";
import { assertRefused } from "../support/http.mjs";
import { startPlatform } from "../support/platform.mjs";
import { enrol, ROLES } from "../support/roles.mjs";
import { startWorld } from "../support/world.mjs";

const OTHER = "PROJECT-FFFFFFFF";

let platform;
let world;
let people;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform });
  const everybody = ROLES.map((role) => [role, { role }]);
  people = await enrol(world, Object.fromEntries([...everybody, ["stepped", { role: "admin", pii: true, stepped: true }]]));
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});

const filled = (path) => path.replaceAll(/\{(\w+)\}/g, (_, name) => {
  if (/^account_?id$/i.test(name)) return ACCOUNT;
  if (/^(project_id|agentId)$/.test(name)) return PROJECT;
  return name === "version" ? "v1" : "x-1";
});

/** The platform answers JSON by method and path. */
function answers(table) {
  platform.answer = (request, response) => {
    const value = table[`${request.method} ${request.url.split("?")[0]}`];
    if (value === undefined) return false;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    return true;
  };
}

test("T63 each role reaches what its operations say and nothing else", async () => {
  for (const { id, method, host, path, audience } of OPERATIONS) {
    for (const role of ROLES) {
      platform.requests.length = 0;
      const body = method === "GET" || method === "DELETE" ? undefined : "{}";
      const answer = await people[role].call(method, `/api/${host}${filled(path)}`, { body, headers: body ? { "content-type": "application/json" } : {} });
      const about = `${id} by ${role}: ${answer.status} ${answer.text.slice(0, 80)}`;
      const code = /"code":"(\w+)"/.exec(answer.text)?.[1];
      if (!ROLES.includes(audience)) assert.ok(["unknown_route", "method_not_allowed"].includes(code), about);
      else if (ROLES.indexOf(role) < ROLES.indexOf(audience)) assertRefused(answer, 403, "role_too_low", about);
      else assert.ok(!["role_too_low", "unknown_route", "internal"].includes(code) || platform.requests.length > 0, about);
      if (["role_too_low", "step_up_needed", "confirmation_missing"].includes(code)) assert.deepEqual(platform.requests, [], about);
    }
  }
});

test("T63 the record is for administrators", async () => {
  for (const role of ROLES) {
    for (const path of ["/operator/audit", "/operator/audit/export"]) {
      const answer = await people[role].get(path);
      if (role !== "admin") assertRefused(answer, 403, "role_too_low", `${role} ${path}`);
      else if (path.endsWith("export")) assertRefused(answer, 403, "step_up_needed");
      else assert.equal(answer.status, 200);
    }
  }
});

test("T62 lists show the configured agents only", async () => {
  const agents = [{ agentId: PROJECT, agentName: "Ours" }, { agentId: OTHER, agentName: "Theirs" }];
  const rule = (id, project) => ({ id, project_id: project });
  answers({
    [`GET /v1/accounts/${ACCOUNT}/agents`]: agents,
    "GET /v1/alert-rules": { data: [rule("r-1", PROJECT), rule("r-2", OTHER), rule("r-3", null)] },
    "GET /v1/alerts": { data: [{ alert_rule_id: "r-2", project_id: OTHER }] },
  });
  assert.deepEqual((await people.viewer.get(`/api/build/v1/accounts/${ACCOUNT}/agents`)).json, [agents[0]]);
  const rules = await people.viewer.get("/api/build/v1/alert-rules");
  assert.deepEqual(rules.json.data.map(({ id }) => id), ["r-1", "r-3"]);
  assert.deepEqual((await people.viewer.get("/api/build/v1/alerts")).json, { data: [] });
});

test("T62 a rule of another agent is neither read, changed, removed nor made", async () => {
  const theirs = { id: "r-2", project_id: OTHER };
  answers({ "GET /v1/alert-rules/r-2": theirs, "PATCH /v1/alert-rules/r-2": theirs, "DELETE /v1/alert-rules/r-2": {}, "POST /v1/alert-rules": theirs });
  platform.requests.length = 0;
  const send = (method, path, body) =>
    people.stepped.call(method, `/api/build/v1/alert-rules${path}`, body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  for (const answer of [
    await send("GET", "/r-2"), await send("PATCH", "/r-2", { enabled: false }), await send("DELETE", "/r-2"),
    await send("POST", "", theirs), await send("PATCH", "/r-1", { project_id: OTHER }),
  ]) {
    assertRefused(answer, 404, "unknown_route");
  }
  assert.deepEqual(platform.requests.filter(({ method }) => method !== "GET"), []);
  const ours = { id: "r-1", project_id: PROJECT };
  answers({ "GET /v1/alert-rules/r-1": ours, "PATCH /v1/alert-rules/r-1": { ...ours, enabled: false } });
  assert.deepEqual((await send("PATCH", "/r-1", { enabled: false })).json, { ...ours, enabled: false });
});
