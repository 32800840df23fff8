// The root key changes; what the vault holds is sealed anew, so that the old one can go.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { ACCOUNT, PROJECT, startEdge } from "../support/edge.mjs";
import { Operator } from "../support/operator.mjs";
import { startPlatform } from "../support/platform.mjs";
import { enrol, withTable } from "../support/roles.mjs";
import { until } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const KEY = "vault-canary-77e1b0c4d2";
const JSON_TYPE = { "content-type": "application/json" };

let platform;
let world;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform });
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});

test("T81 keys and signing secrets are sealed with the new root key while both are configured", async () => {
  platform.answer = (request, response) => {
    const made = { id: "whe_1", name: "Pager", signing_secret: "whsec-canary-3f5a7c9e1b" };
    response.writeHead(200, JSON_TYPE).end(JSON.stringify(request.url === "/v1/webhook-endpoints" ? made : {}));
    return true;
  };
  const { ada } = await enrol(world, { ada: { role: "admin", stepped: true } });
  const put = (method, path, body) => ada.call(method, `/operator/vault${path}`, { headers: JSON_TYPE, body: JSON.stringify(body) });
  assert.equal((await put("PUT", `/conversations?project=${PROJECT}`, { value: KEY })).status, 200);
  const endpoint = { name: "Pager", url: "https://pager.example", event_types: ["alerts.triggered"] };
  assert.equal((await put("POST", "/webhooks", endpoint)).status, 201);
  await world.edge.stop();
  const before = await sealed();
  assert.equal(before.length, 2);

  const vars = { PERCH_ROOT_KEY: randomBytes(32).toString("base64url"), PERCH_ROOT_KEY_PREVIOUS: world.keys.root.toString("base64url") };
  const edge = await startEdge({ keys: world.keys, folder: world.folder, hosts: platform.hosts(), vars });
  const again = new Operator(edge.url, ada.cookie);
  await until("the kept key is used", async () => {
    platform.requests.length = 0;
    await again.get(LIST);
    return platform.requests[0]?.headers["x-api-key"] === KEY;
  });
  await edge.stop();
  const marks = (rows) => new Set(rows.map(({ sealed: text }) => text.slice(0, 9)));
  const now = await sealed();
  assert.equal(marks(now).size, 1, "by one root key");
  assert.ok(!marks(before).has([...marks(now)][0]), "by the new one");
});

const sealed = () => withTable(world.edge.state, "kept", (database) => database.prepare("SELECT sealed FROM kept").all());
