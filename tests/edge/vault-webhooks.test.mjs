// Webhook endpoints made through the vault, with the simulator as the platform.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertRefused } from "../support/http.mjs";
import { enrol } from "../support/roles.mjs";
import { startWorld } from "../support/world.mjs";

const ENDPOINTS = "/api/build/v1/webhook-endpoints";
const ENDPOINT = { name: "Pager", url: "https://pager.example/hook", event_types: ["alerts.triggered"] };

let world;
let ada;
before(async () => {
  world = await startWorld();
  ({ ada } = await enrol(world, { ada: { role: "admin", stepped: true } }));
});
after(() => world?.stop());

const post = (path, value) =>
  ada.call("POST", `/operator/vault/webhooks${path}`, { headers: { "content-type": "application/json" }, body: value && JSON.stringify(value) });

test("an endpoint is made, rotated and deleted; each secret leaves another fingerprint", async () => {
  const made = await post("", ENDPOINT);
  assert.equal(made.status, 201, made.text);
  const { id, signing_secret_fingerprint: first } = made.json;
  assert.match(first, /^[0-9a-f]{4}$/);
  const { json } = await ada.get(ENDPOINTS);
  assert.deepEqual(json.data.map((one) => [one.id, one.name]), [[id, "Pager"]]);
  const rotated = await post(`/${id}/rotate`);
  assert.equal(rotated.status, 200, rotated.text);
  assert.notEqual(rotated.json.signing_secret_fingerprint, first);
  assert.equal((await ada.call("DELETE", `${ENDPOINTS}/${id}`)).status, 204);
  assertRefused(await post(`/${id}/rotate`), 404, "unknown_route");
});

test("what the platform does not take is said in our words, and leaves nothing", async () => {
  for (const wrong of [{ url: "http://pager.example" }, { event_types: [] }, { name: "" }]) {
    assertRefused(await post("", { ...ENDPOINT, ...wrong }), 422, "endpoint_refused", JSON.stringify(wrong));
  }
  for (const body of [{ name: "x" }, [], "text"]) assertRefused(await post("", body), 400, "bad_body");
  for (let made = 0; made < 10; made += 1) assert.equal((await post("", { ...ENDPOINT, name: `n${made}` })).status, 201);
  assertRefused(await post("", ENDPOINT), 422, "endpoint_refused");
  assert.equal((await ada.get(ENDPOINTS)).json.data.length, 10);
});
