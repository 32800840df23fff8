// Keys that are put in while the worker runs, and the secrets that the platform signs webhooks with.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { assertRefused } from "../support/http.mjs";
import { startPlatform } from "../support/platform.mjs";
import { enrol } from "../support/roles.mjs";
import { until } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const KEY = "vault-canary-5a0c81f2e6";
const ENDPOINT = { name: "Pager", url: "https://pager.example/hook", event_types: ["alerts.triggered"] };
const JSON_TYPE = { "content-type": "application/json" };
const print = (value) => createHash("sha256").update(value).digest("hex").slice(-4);

let platform;
let world;
let people;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform });
  people = await enrol(world, {
    ada: { role: "admin", stepped: true }, eve: { role: "admin" }, pat: { role: "publisher", stepped: true },
  });
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});
beforeEach(() => {
  platform.requests.length = 0;
  platform.answer = (_, response) => {
    response.writeHead(200, JSON_TYPE).end("{}");
    return true;
  };
});

const send = (who, method, path, value) =>
  who.call(method, `/operator/vault${path}`, { headers: JSON_TYPE, body: value === undefined ? undefined : JSON.stringify(value) });
const keyInUse = async () => {
  platform.requests.length = 0;
  assert.equal((await people.ada.get(LIST)).status, 200);
  return platform.requests[0].headers["x-api-key"];
};

test("keys are listed by fingerprints, for administrators", async () => {
  assertRefused(await people.pat.get("/operator/vault"), 403, "role_too_low");
  const { json, text } = await people.ada.get("/operator/vault");
  const workspace = json.keys.find(({ kind }) => kind === "workspace");
  assert.equal(workspace.source, "deployment");
  assert.equal(workspace.fingerprint, print(world.keys.platform.workspace));
  for (const key of Object.values(world.keys.platform)) assert.ok(!text.includes(key));
});

test("T82 a key that is put in is used within five seconds, and no longer once it is removed", async () => {
  const before = await keyInUse();
  assert.equal(before, world.keys.platform.conversations);
  const put = await send(people.ada, "PUT", `/conversations?project=${PROJECT}`, { value: KEY });
  assert.equal(put.status, 200, put.text);
  assert.equal(put.json.fingerprint, print(KEY));
  assert.ok(!put.text.includes(KEY));
  await until("the vault's key is used", async () => (await keyInUse()) === KEY);
  const { json, text } = await people.ada.get("/operator/vault");
  const kept = json.keys.find(({ source }) => source === "vault");
  assert.equal(kept.kind, "conversations");
  assert.equal(kept.fingerprint, print(KEY));
  assert.ok(kept.tenant.endsWith(`/${ACCOUNT}/${PROJECT}`) && kept.set_by && !text.includes(KEY));
  assert.equal((await send(people.ada, "DELETE", `/conversations?project=${PROJECT}`)).status, 204);
  await until("the deployment's key is used again", async () => (await keyInUse()) === before);
  assertRefused(await send(people.ada, "DELETE", `/conversations?project=${PROJECT}`), 404, "unknown_route");
});

test("a vault that did not change is looked up again, and requests go on", async () => {
  await new Promise((done) => setTimeout(done, 4_500));
  for (let turn = 0; turn < 3; turn += 1) assert.equal(await keyInUse(), world.keys.platform.conversations);
});

test("T35 what is put in is on disk, sealed, and in no answer and no record", async () => {
  assert.equal((await send(people.ada, "PUT", "/sms", { value: KEY })).status, 200);
  const files = await readdir(world.edge.state, { recursive: true, withFileTypes: true });
  const contents = await Promise.all(files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name))));
  const all = Buffer.concat(contents).toString("latin1");
  assert.ok(all.includes("vault.put"), "the right files were read");
  assert.ok(!all.includes(KEY) && !all.includes(Buffer.from(KEY).toString("base64url").slice(2, -2)));
  const { text } = await people.ada.get("/operator/audit?limit=100");
  assert.ok(text.includes("vault.put") && !text.includes(KEY));
});

test("what is no key, nobody's, or asked without presence is refused, and nothing changes", async () => {
  const { text } = await people.ada.get("/operator/vault");
  assertRefused(await send(people.pat, "PUT", "/sms", { value: KEY }), 403, "role_too_low");
  assertRefused(await send(people.eve, "PUT", "/sms", { value: KEY }), 403, "step_up_needed");
  assertRefused(await send(people.ada, "PUT", "/pincode", { value: KEY }), 404, "unknown_route");
  assertRefused(await send(people.ada, "PUT", "/webhook-signing-secret", { value: KEY }), 404, "unknown_route");
  assertRefused(await send(people.ada, "PUT", "/sms?project=PROJECT-OTHER", { value: KEY }), 404, "unknown_route");
  assertRefused(await send(people.ada, "PUT", "/sms?projekt=x", { value: KEY }), 400, "query_not_allowed");
  for (const value of ["", "two words", "line\nbreak", "schlüssel", "x".repeat(4_097)]) {
    assertRefused(await send(people.ada, "PUT", "/sms", { value }), 400, "vault_refused", value.slice(0, 20));
  }
  for (const body of [{}, { value: 7 }, { value: KEY, more: 1 }]) {
    assertRefused(await send(people.ada, "PUT", "/sms", body), 400, "bad_body");
  }
  assertRefused(await people.ada.call("GET", "/operator/vault/sms"), 405, "method_not_allowed");
  assert.equal((await people.ada.get("/operator/vault")).text, text);
});

test("T37 a new endpoint's secret is kept before anybody is answered, and never shown", async () => {
  const secret = "whsec-canary-0f9e8d7c6b";
  platform.answer = (_, response) => {
    response.writeHead(201, JSON_TYPE).end(JSON.stringify({ id: "whe_1", ...ENDPOINT, enabled: true, signing_secret: secret }));
    return true;
  };
  const made = await send(people.ada, "POST", "/webhooks", ENDPOINT);
  assert.equal(made.status, 201, made.text);
  assert.equal(made.json.id, "whe_1");
  assert.equal(made.json.signing_secret_fingerprint, print(secret));
  assert.ok(!made.text.includes(secret) && !("signing_secret" in made.json));
  const [sent] = platform.requests;
  assert.equal(sent.headers["x-api-key"], world.keys.platform.workspace);

  const next = "whsec-canary-1a2b3c4d5e";
  platform.answer = (_, response) => {
    response.writeHead(200, JSON_TYPE).end(JSON.stringify({ signing_secret: next }));
    return true;
  };
  const rotated = await send(people.ada, "POST", "/webhooks/whe_1/rotate");
  assert.equal(rotated.status, 200, rotated.text);
  assert.equal(rotated.json.signing_secret_fingerprint, print(next));
  const { json, text } = await people.ada.get("/operator/vault");
  const [now, before] = json.keys.filter(({ kind }) => kind === "webhook-signing-secret");
  assert.deepEqual([now.fingerprint, now.until, before.fingerprint], [print(next), undefined, print(secret)]);
  assert.equal(before.until, rotated.json.previous_honoured_until);
  assert.ok(!text.includes(secret) && !text.includes(next));
});

test("an endpoint whose secret cannot be kept is deleted again; where even that fails it is said", async () => {
  const huge = JSON.stringify({ id: "whe_2", ...ENDPOINT, signing_secret: "x".repeat(20_000) });
  let deletion = 204;
  platform.answer = (request, response) => {
    if (request.method === "DELETE") response.writeHead(deletion).end();
    else response.writeHead(201, JSON_TYPE).end(huge);
    return true;
  };
  assertRefused(await send(people.ada, "POST", "/webhooks", ENDPOINT), 503, "endpoint_undone");
  assert.deepEqual(platform.requests.map(({ method, url }) => `${method} ${url}`), ["POST /v1/webhook-endpoints", "DELETE /v1/webhook-endpoints/whe_2"]);
  deletion = 500;
  assertRefused(await send(people.ada, "POST", "/webhooks", ENDPOINT), 502, "endpoint_stranded");
  assertRefused(await send(people.ada, "POST", "/webhooks/whe_2/rotate"), 502, "rotation_lost");
  const { text } = await people.ada.get("/operator/vault");
  assert.ok(!text.includes("whe_2"));
});
