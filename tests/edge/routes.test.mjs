// What is served and what is not: every route with its methods, and the headers of all answers.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { ACCOUNT, PROJECT, SHOP } from "../support/edge.mjs";
import { assertRefused, assertSecured, call, raw } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { root } from "../support/paths.mjs";
import { noConversations, startPlatform } from "../support/platform.mjs";
import { Visitor } from "../support/visitor.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const DETAIL = `/api/build/v1/agents/${PROJECT}/conversations`;
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/** Every route there is, with the methods it takes. */
const ROUTES = {
  "/health": ["GET", "HEAD"],
  "/health/live": ["GET", "HEAD"],
  "/health/ready": ["GET", "HEAD"],
  "/operator/metrics": ["GET"],
  "/perch.js": ["GET", "HEAD"],
  "/console": ["GET", "HEAD"],
  "/console/": ["GET", "HEAD"],
  "/visitor/session": ["POST", "OPTIONS"],
  "/visitor/ticket": ["POST", "OPTIONS"],
  "/visitor/socket": ["GET"],
  "/visitor/chat/create": ["POST", "OPTIONS"],
  "/visitor/chat/respond": ["POST", "OPTIONS"],
  "/visitor/chat/close": ["POST", "OPTIONS"],
  "/visitor/end": ["POST", "OPTIONS"],
  "/visitor/check": ["GET"],
  "/site/shop/context": ["POST"],
  "/operator/sites/shop": ["GET", "PUT"],
  "/operator/visitors/AAAAAAAAAAAAAAAAAAAAAA": ["DELETE"],
  "/operator/session": ["GET", "POST", "DELETE"],
  [LIST]: ["GET"],
  [`${DETAIL}/CA-1`]: ["GET"],
};

let platform;
let world;
let edge;
let operator;
before(async () => {
  platform = await startPlatform({ answer: noConversations });
  world = await startWorld({ platform });
  edge = world.edge.url;
  operator = await Operator.signIn(edge, world.keys.setup);
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});

const untouched = (work) => platform.untouched(work);

test("health says ok and the version, and nothing else", async () => {
  const answer = await call(edge, "GET", "/health");
  assert.equal(answer.status, 200);
  assertSecured(answer);
  assert.deepEqual(Object.keys(answer.json), ["status", "version"]);
  assert.equal(answer.json.status, "ok");
  assert.match(answer.json.version, /^\d+\.\d+\.\d+$/);
});

test("T21 T28 every known path takes its own methods and no other", () => untouched(async () => {
  for (const [path, allowed] of Object.entries(ROUTES)) {
    for (const method of METHODS.filter((one) => !allowed.includes(one))) {
      const answer = await operator.call(method, path);
      assert.equal(answer.status, 405, `${method} ${path}`);
      assertSecured(answer, `${method} ${path}`);
      if (method !== "HEAD") assertRefused(answer, 405, "method_not_allowed", `${method} ${path}`);
    }
  }
}));

test("T28 methods the edge does not know are refused on every path", () => untouched(async () => {
  for (const method of ["TRACE", "PROPFIND", "PURGE", "get", "G", "LINK", "CONNECT"]) {
    for (const path of ["/health", "/visitor/session", "/operator/session", LIST]) {
      const bytes = `${method} ${path} HTTP/1.1\r\nHost: edge\r\nCookie: ${operator.cookie}\r\nX-Perch: 1\r\nConnection: close\r\n\r\n`;
      const { status } = await raw(edge, bytes);
      // workerd itself answers CONNECT, with 500, and never asks the worker.
      const refused = method === "CONNECT" ? [400, 405, 500, 501] : [400, 405, 501];
      assert.ok(refused.includes(status), `${method} ${path}: ${status}`);
    }
  }
}));

test("T21 an unlisted path is unknown, whatever the method", () => untouched(async () => {
  const unknown = [
    "/", "/index.html", "/favicon.ico", "/.env", "/.git/config", "/admin", "/metrics", "/debug", "/log", "/cdn-cgi/trace",
    "/Health", "/health/", "/healthz", "/perch.js.map", "/perch.js/", "/PERCH.JS", "/widget", "/console2",
    "/visitor", "/visitor/", "/visitor/session/", "/visitor/Session", "/visitor/sessions", "/visitor/chat",
    "/visitor/chat/delete", "/operator", "/operator/", "/operator/session/",
    "/api", "/api/", "/api/platform", "/api/platform/v3", "/api/Platform/v3", "/API/platform", "/sizes.json",
  ];
  for (const path of unknown) {
    for (const method of ["GET", "POST", "DELETE"]) {
      const answer = await operator.call(method, path);
      assertRefused(answer, 404, "unknown_route", `${method} ${path}`);
    }
  }
}));

test("T21 the API takes operations of the table and no others", () => untouched(async () => {
  const outside = [
    ["GET", "/api/messaging/api/v1/access-token"], ["POST", "/api/messaging/api/v1/access-token"],
    ["POST", "/api/messaging/api/v1/sessions"], ["GET", "/api/messaging/ws"],
    ["POST", `/api/platform/v1/${ACCOUNT}/${PROJECT}/chat/create`],
    ["POST", `/api/platform/v1/${ACCOUNT}/${PROJECT}/chat/respond`],
    ["PUT", `/api/platform/v1/${ACCOUNT}/${PROJECT}/chat/close`],
    ["GET", `/api/platform/v4/${ACCOUNT}/${PROJECT}/conversations`],
    ["GET", `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations/CA-1/delete`],
    ["GET", `/api/build/v3/${ACCOUNT}/${PROJECT}/conversations`],
    ["GET", "/api/webrtc/metrics"], ["GET", "/api/evil.example/v3/x"], ["GET", "/api/127.0.0.1/control/state"],
    ["DELETE", `${DETAIL}/CA-1`], ["POST", LIST], ["PATCH", LIST],
  ];
  for (const [method, path] of outside) {
    const answer = await operator.call(method, path);
    const code = answer.status === 405 ? "method_not_allowed" : "unknown_route";
    assertRefused(answer, answer.status === 405 ? 405 : 404, code, `${method} ${path}`);
  }
}));

test("T62 other tenants' ids do not exist, in whatever spelling", () => untouched(async () => {
  const [account, project] = ["ws-00000000", "PROJECT-00000000"];
  for (const path of [
    `/api/platform/v3/${account}/${PROJECT}/conversations`,
    `/api/platform/v3/${ACCOUNT}/${project}/conversations`,
    `/api/platform/v3/${ACCOUNT.toUpperCase()}/${PROJECT}/conversations`,
    `/api/platform/v3/${ACCOUNT}/${PROJECT.toLowerCase()}/conversations`,
    `/api/platform/v3/${PROJECT}/${ACCOUNT}/conversations`,
    `/api/build/v1/agents/${project}/conversations/CA-1`,
    `/api/build/v1/agents/${PROJECT.toLowerCase()}/conversations/CA-1`,
    `/api/build/v1/agents/${ACCOUNT}/conversations/CA-1`,
  ]) {
    assertRefused(await operator.get(path), 404, "unknown_route", path);
  }
}));

test("T29 T31 headers are on answers of every kind, and HEAD has no body", async () => {
  const visitor = await Visitor.open(edge);
  const answers = [
    await call(edge, "GET", "/health"), await call(edge, "HEAD", "/health"), await call(edge, "GET", "/nowhere"),
    await call(edge, "GET", "/console"), await call(edge, "GET", "/console/conversations"), await call(edge, "GET", "/perch.js"),
    await call(edge, "OPTIONS", "/visitor/ticket", { headers: { origin: SHOP } }),
    await visitor.post("/visitor/ticket", {}), await visitor.post("/visitor/ticket", {}, {}),
    await operator.get("/operator/session"), await operator.get(LIST), await operator.get("/api/build/v1/x"),
  ];
  for (const [at, answer] of answers.entries()) assertSecured(answer, `answer ${at}`);
  assert.equal(answers[1].text, "");
  const ids = answers.map(({ headers }) => headers["x-request-id"]);
  assert.equal(new Set(ids).size, ids.length, "request ids never come twice");
});

test("T29 the console's policy lets no inline script run and nobody frame it", async () => {
  for (const path of ["/console/", "/console/conversations", "/console/conversations/CA-1?x=1"]) {
    const { status, headers, text } = await call(edge, "GET", path);
    assert.equal(status, 200, path);
    const policy = headers["content-security-policy"];
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.match(policy, /base-uri 'none'/);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*/);
    assert.equal(headers["access-control-allow-origin"], undefined);
    assert.equal(headers["cache-control"], "no-cache");
    for (const [tag, body] of text.matchAll(/<script[^>]*>([^]*?)<\/script>/g)) {
      assert.equal(body.trim(), "", `inline script: ${tag.slice(0, 80)}`);
    }
    assert.doesNotMatch(text, /\son\w+\s*=|<style|\sstyle\s*=|javascript:/i, "inline handlers and styles");
  }
});

test("static files: the loader is fresh, the widget is for ever, both for any site", async () => {
  const loader = await call(edge, "GET", "/perch.js");
  assert.equal(loader.status, 200);
  assert.match(loader.headers["content-type"], /javascript/);
  assert.equal(loader.headers["access-control-allow-origin"], "*");
  assert.equal(loader.headers["cross-origin-resource-policy"], "cross-origin");
  assert.match(loader.headers["cache-control"], /max-age=\d{1,4}$/);
  assert.equal(loader.headers["set-cookie"], undefined);
  const [hash] = await readdir(resolve(root, "dist/widget"));
  assert.ok(loader.text.includes(hash), "the loader names the widget's folder");
  for (const [file, type] of [["widget.js", /javascript/], ["widget_bg.wasm", /^application\/wasm$/]]) {
    const { status, headers } = await call(edge, "GET", `/widget/${hash}/${file}`);
    assert.equal(status, 200, file);
    assert.match(headers["content-type"], type);
    assert.match(headers["cache-control"], /immutable/);
    assert.equal(headers["access-control-allow-origin"], "*");
  }
  const again = await call(edge, "GET", "/perch.js", { headers: { "if-none-match": loader.headers.etag } });
  assert.equal(again.status, 304);
  assertRefused(await call(edge, "GET", `/widget/${hash}/other.js`), 404, "unknown_route");
  assertRefused(await call(edge, "GET", "/widget/000000000000/widget.js"), 404, "unknown_route");
  assertRefused(await call(edge, "GET", "/console/missing-file.js"), 404, "unknown_route");
});
