// Several accounts, projects and regions at one edge: each call goes where its tenant is, with its tenant's key.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { assertRefused } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { startPlatform } from "../support/platform.mjs";
import { startWorld } from "../support/world.mjs";

const ACME = "acme-canary-key-0123456789";
const SHOP = "shop-canary-key-0123456789";

let here;
let there;
let world;
let operator;
before(async () => {
  const answer = (_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
    return true;
  };
  [here, there] = [await startPlatform({ answer }), await startPlatform({ answer })];
  const accounts = [
    { name: "first", account_id: ACCOUNT, region: "us-1" },
    { name: "acme", account_id: "ws-acme", region: "uk-1", keys: "ACME" },
    { name: "namesake", account_id: ACCOUNT, region: "uk-1", keys: "NAMESAKE" },
  ];
  const projects = [
    { name: "First", account_id: ACCOUNT, project_id: PROJECT },
    { name: "Acme", account_id: "ws-acme", project_id: "PROJECT-ACME", keys: "SHOP" },
    { name: "Twin", account_id: "ws-acme", project_id: "twin" },
    { name: "Twin", account_id: ACCOUNT, project_id: "twin", region: "us-1" },
  ];
  world = await startWorld({
    platform: here,
    vars: {
      PERCH_SIMULATOR: JSON.stringify({ "us-1": here.hosts(), "uk-1": there.hosts() }),
      PERCH_ACCOUNTS: JSON.stringify(accounts),
      PERCH_PROJECTS: JSON.stringify(projects),
      POLYAI_WORKSPACE_KEY_ACME: ACME,
      POLYAI_CONVERSATIONS_KEY_SHOP: SHOP,
      POLYAI_HANDOFF_KEY: "",
    },
  });
  operator = await Operator.signIn(world.edge.url, world.keys.setup);
});
after(async () => {
  await world?.stop();
  await Promise.all([here?.stop(), there?.stop()]);
});
beforeEach(() => {
  here.requests.length = 0;
  there.requests.length = 0;
});

/** Asks and gives what reached each platform: the path, and the key it came with. */
async function asked(path, name) {
  const answer = await operator.get(path, name === undefined ? {} : { "x-perch-account": name });
  const seen = (platform) => platform.requests.map(({ url, headers }) => [url, headers["x-api-key"]]);
  return [answer, seen(here), seen(there)];
}

test("T62 a call goes to its account's region with its account's key", async () => {
  const { workspace, conversations } = world.keys.platform;
  for (const [path, region, key] of [
    [`platform/v3/${ACCOUNT}/${PROJECT}/conversations`, "us", conversations],
    ["platform/v3/ws-acme/PROJECT-ACME/conversations", "uk", SHOP],
    [`build/v1/agents/${PROJECT}/branches`, "us", workspace],
    ["build/v1/agents/PROJECT-ACME/branches", "uk", ACME],
    ["build/v1/accounts/ws-acme/agents", "uk", ACME],
  ]) {
    here.requests.length = 0;
    there.requests.length = 0;
    const [answer, us, uk] = await asked(`/api/${path}`);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    // A page without a limit gets the largest that is no export.
    const limit = path.endsWith("/conversations") ? "?limit=200" : "";
    const own = [[path.slice(path.indexOf("/")) + limit, key]];
    assert.deepEqual([us, uk], region === "us" ? [own, []] : [[], own], path);
  }
});

test("T62 a path without an account belongs to the one that is named, and to no other", async () => {
  const path = "/v1/webhook-endpoints";
  const [unnamed] = await asked(`/api/build${path}`);
  assertRefused(unnamed, 400, "account_needed");
  for (const unknown of ["ws-acme", "ACME", "http://127.0.0.1/", "api.uk.poly.ai", "first,acme"]) {
    const [answer] = await asked(`/api/build${path}`, unknown);
    assertRefused(answer, 404, "unknown_route", unknown);
  }
  assert.deepEqual([here.requests, there.requests], [[], []], "no call was made");
  assert.deepEqual((await asked(`/api/build${path}`, "acme"))[2], [[path, ACME]]);
  assert.deepEqual((await asked(`/api/build${path}`, "first"))[1], [[path, world.keys.platform.workspace]]);
});

test("T62 an id that two accounts have is nobody's until one is named, and a name opens no other's", async () => {
  assertRefused((await asked("/api/build/v1/agents/twin/branches"))[0], 400, "account_needed");
  assertRefused((await asked(`/api/build/v1/accounts/${ACCOUNT}/agents`))[0], 400, "account_needed");
  for (const path of [`agents/${PROJECT}/branches`, `accounts/${ACCOUNT}/agents`]) {
    assertRefused((await asked(`/api/build/v1/${path}`, "acme"))[0], 404, "unknown_route", path);
  }
  assert.deepEqual([here.requests, there.requests], [[], []]);
  assert.deepEqual((await asked("/api/build/v1/agents/twin/branches", "acme"))[2], [["/v1/agents/twin/branches", ACME]]);
});

test("T62 a missing key is not replaced by another account's, nor by another kind's", async () => {
  for (const path of [
    "platform/v3/ws-acme/twin/conversations",
    "platform/v1/ws-acme/PROJECT-ACME/conversations",
    `platform/v1/${ACCOUNT}/${PROJECT}/handoff_state?id=CA-1`,
  ]) {
    assertRefused((await asked(`/api/${path}`))[0], 503, "not_configured", path);
  }
  assertRefused((await asked("/api/build/v1/alerts", "namesake"))[0], 503, "not_configured");
  assert.deepEqual([here.requests, there.requests], [[], []]);
});
