// Every route and every operation there is, from the generated lists: none may be missing a check.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { OPERATIONS, ROUTES } from "../support/exchanges.mjs";
import { assertRefused, assertSecured, call } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { startPlatform } from "../support/platform.mjs";
import { startWorld } from "../support/world.mjs";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const CHANGES = ["POST", "PUT", "PATCH", "DELETE"];

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

/** A path with the configured ids in it, and any id elsewhere. */
const filled = (path) => path.replaceAll(/\{(\w+)\}/g, (_, name) => {
  if (/^account_?id$/i.test(name)) return ACCOUNT;
  if (/^(project_id|agentId)$/.test(name)) return PROJECT;
  return name === "version" ? "v1" : "AAAAAAAAAAAAAAAAAAAAAA";
});
const api = ({ host, path }) => `/api/${host}${filled(path)}`;

test("T16 T14 every changing route and operation refuses what lacks the console's header", () => platform.untouched(async () => {
  const changes = [
    ...ROUTES.filter(({ plane }) => plane === "operator").flatMap(({ path, methods }) =>
      methods.filter((method) => CHANGES.includes(method)).map((method) => [method, filled(path)])),
    ...OPERATIONS.filter(({ method }) => method !== "GET").map((operation) => [operation.method, api(operation)]),
  ];
  assert.ok(changes.length > 40, `${changes.length}`);
  for (const [method, path] of changes) {
    for (const headers of [{}, { "content-type": "text/plain" }, { "content-type": "application/x-www-form-urlencoded" }, { "x-perch": "true" }]) {
      const body = headers["content-type"] ? "a=b" : undefined;
      const answer = await call(edge, method, path, { headers: { cookie: operator.cookie, ...headers }, body });
      assertRefused(answer, 403, "header_missing", `${method} ${path} ${JSON.stringify(headers)}`);
    }
  }
  assert.equal((await operator.get("/operator/session")).status, 200, "the session still lives");
}));

test("T15 every route and operation refuses what another site's page started", () => platform.untouched(async () => {
  const all = [
    ...ROUTES.filter(({ plane }) => plane === "operator").flatMap(({ path, methods }) => methods.map((method) => [method, filled(path)])),
    ...OPERATIONS.map((operation) => [operation.method, api(operation)]),
  ];
  for (const [method, path] of all) {
    for (const from of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
      const answer = await operator.call(method, path, { headers: from });
      assertRefused(answer, 403, "cross_site", `${method} ${path}`);
      assert.equal(answer.headers["access-control-allow-origin"], undefined);
    }
  }
}));

test("T21 T28 no route takes a method that is not listed for it", () => platform.untouched(async () => {
  for (const { path, methods } of ROUTES) {
    for (const method of METHODS.filter((one) => !methods.includes(one))) {
      const answer = await operator.call(method, filled(path));
      assertSecured(answer, `${method} ${path}`);
      assert.equal(answer.status, 405, `${method} ${path}`);
    }
  }
}));

test("T21 no operation takes a method without a row, nor is one for nobody taken from an administrator", () => platform.untouched(async () => {
  const admitted = ({ host }, method, path) => OPERATIONS.some((one) => one.audience !== "nobody" && one.host === host
    && one.method === method && one.pattern.test(path));
  for (const operation of OPERATIONS) {
    for (const method of METHODS) {
      // Another row may have the same address.
      if (admitted(operation, method, filled(operation.path))) continue;
      const answer = await operator.call(method, api(operation));
      assertSecured(answer, `${method} ${operation.id}`);
      assert.ok([404, 405].includes(answer.status), `${method} ${operation.id}: ${answer.status}`);
    }
  }
}));

test("T21 no operation is taken on another kind of host", () => platform.untouched(async () => {
  for (const { method, host, path, id } of OPERATIONS) {
    for (const other of ["build", "platform", "messaging", "webrtc", "evil.example", ""].filter((one) => one !== host)) {
      const answer = await operator.call(method, api({ host: other, path }));
      assert.ok([400, 404, 405].includes(answer.status), `${method} ${other} ${id}: ${answer.status}`);
    }
  }
}));

test("T34 no path that tools leave open is served, signed in or not", () => platform.untouched(async () => {
  const paths = ["/metrics", "/debug", "/debug/pprof", "/logs", "/log", "/status", "/.env", "/.git/config", "/wrangler.toml", "/trace", "/__debug",
    "/admin", "/config", "/env", "/actuator", "/server-status", "/public", "/console.map", "/index_bg.wasm", "/index.js"];
  for (const path of paths) {
    assertRefused(await call(edge, "GET", path), 404, "unknown_route", path);
    assertRefused(await operator.get(path), 404, "unknown_route", path);
  }
  for (const { path, methods } of ROUTES.filter(({ plane }) => plane === "operator")) {
    if (!methods.includes("GET")) continue;
    const answer = await call(edge, "GET", filled(path));
    // What a deployment has not switched on does not exist for anybody.
    assertRefused(answer, answer.status === 404 ? 404 : 401, answer.status === 404 ? "unknown_route" : "not_signed_in", path);
  }
}));
