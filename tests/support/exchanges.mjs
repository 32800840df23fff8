// What anybody may send to the worker: honest, careless and hostile requests to every route, out of dice.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { ACCOUNT, OTHER, PROJECT, SHOP } from "./edge.mjs";
import { root } from "./paths.mjs";

const JSON_TYPE = { "content-type": "application/json" };

/** Every operation of the platform: id, method, path, host, the kind of key it needs, and its query parameters. */
export const OPERATIONS = [];
for (const line of readFileSync(resolve(root, "crates/api/operations.txt"), "utf8").split("\n")) {
  const [id, call, host, credential, , safety, audience] = line.split("|").map((part) => part.trim());
  // A line without an id says more about the operation above.
  if (id === "" && call?.startsWith("?")) OPERATIONS.at(-1).query = call.slice(1).split(" ");
  // Other names and comments.
  if (id === "" || id.startsWith("#") || call.startsWith("is ")) continue;
  const [method, path] = call.split(" ");
  const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
  OPERATIONS.push({ id, method, path, pattern, host, credential, safety, audience, query: [] });
}

/** The worker's own routes, as `edge-worker/routes.txt` lists them. */
export const ROUTES = readFileSync(resolve(root, "edge-worker/routes.txt"), "utf8").split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [plane, path, ...methods] = line.split(" ");
    return { plane, path, methods };
  });

/** One exchange. `people`: a visitor, operators' cookies by role, and the secret of the site's backend. */
export function compose(dice, people) {
  return dice.weigh([[50, api], [22, visitor], [12, socket], [10, own], [6, stranger], [2, backend]])(dice, people);
}

function api(dice, people) {
  const operation = dice.pick(OPERATIONS);
  const method = dice.chance(0.04) ? dice.pick(METHODS) : operation.method;
  const name = operation.query.length > 0 ? dice.pick(operation.query) : "limit";
  const query = dice.weigh([[6, ""], [3, `?${name}=${dice.text(4)}`], [0.5, `?${name}=1&${name}=2`], [0.5, `?${name}=1&evil=%0d`]]);
  const path = tampered(dice, `/api/${operation.host}${fill(dice, operation.path)}${query}`);
  const headers = { ...operator(dice, people), ...marked(dice), ...odd(dice), ...confirmed(dice, operation) };
  const body = ["GET", "HEAD"].includes(method) ? undefined : json(dice, headers);
  return { plane: "api", about: operation.id, operation, method, path, headers, body };
}

function visitor(dice, { visitor: one, handle }) {
  const routes = ROUTES.filter(({ plane, path }) => plane === "visitor" && !path.endsWith("/socket"));
  const { path, methods } = dice.pick(routes);
  const method = dice.chance(0.06) ? dice.pick(METHODS) : dice.pick(methods);
  const headers = { origin: dice.chance(0.9) ? one.origin : dice.pick([OTHER, "null", "https://evil.example", `${SHOP}.evil.example`]),
    ...token(dice, one), ...odd(dice) };
  if (method === "OPTIONS") Object.assign(headers, { "access-control-request-method": "POST", "access-control-request-headers": "authorization" });
  const body = ["GET", "HEAD", "OPTIONS"].includes(method) ? undefined : asked(dice, { ...one, handle }, path, headers);
  return { plane: "visitor", about: path, method, path: tampered(dice, path), headers, body };
}

function asked(dice, one, path, headers) {
  if (dice.chance(0.15)) return json(dice, headers);
  Object.assign(headers, JSON_TYPE);
  if (path === "/visitor/session") return JSON.stringify({ site: dice.chance(0.9) ? "shop" : "other", ...(dice.chance(0.4) ? { resume: one.resume } : {}), ...(one.handle ? { context: one.handle } : {}) });
  return path.endsWith("/respond") ? JSON.stringify({ message: dice.text(20) }) : "{}";
}

function socket(dice) {
  const line = dice.chance(0.35);
  const frames = Array.from({ length: (line ? 1 : 0) + dice.below(4) }, () => (line ? signal(dice) : said(dice)));
  const cursor = !line && dice.chance(0.3) ? dice.below(9) : undefined;
  return { plane: "socket", about: line ? "/visitor/call/socket" : "/visitor/socket", line, frames, cursor };
}

function said(dice) {
  return dice.weigh([
    [4, () => JSON.stringify({ type: "EVENT_TYPE_USER_MESSAGE", payload: { text: dice.text(12) } })],
    [1, () => JSON.stringify({ type: "EVENT_TYPE_SESSION_END", payload: {} })],
    [1, () => dice.text(40)],
    [0.3, () => dice.bytes(30)],
  ])();
}

// An offer, most often: with it the worker sends its token.
function signal(dice) {
  const mine = { authToken: dice.text(20), mode: "echo", accountId: "ws-other", caller: "+100" };
  return dice.weigh([
    [5, () => JSON.stringify({ type: "offer", sessionId: "", callSid: dice.text(6), ...(dice.chance(0.5) ? mine : {}), data: { type: "offer", sdp: `v=0\r\n${dice.text(9)}` } })],
    [1, () => JSON.stringify({ type: "ice-candidate", sessionId: dice.text(9), data: { candidate: "" } })],
    [1, () => JSON.stringify({ type: "close", sessionId: dice.text(9) })],
    [1, () => dice.text(40)],
  ])();
}

function own(dice, people) {
  // Signing out for real ends what the other exchanges live on; it has tests of its own.
  const routes = ROUTES.filter(({ plane }) => plane === "operator");
  const { path, methods } = dice.pick(routes);
  const method = dice.chance(0.1) ? dice.pick(METHODS) : dice.pick(methods);
  const headers = { ...operator(dice, people), ...marked(dice), ...odd(dice) };
  const ends = method === "DELETE" && path.startsWith("/operator/session");
  if (ends) delete headers.cookie;
  const body = ["GET", "HEAD"].includes(method) ? undefined : json(dice, headers);
  return { plane: "operator", about: path, method, path: tampered(dice, fill(dice, path)), headers, body };
}

function backend(dice, people) {
  const headers = { ...JSON_TYPE, authorization: dice.chance(0.8) ? `Bearer ${people.backend}` : "Bearer somebody", ...odd(dice) };
  const body = dice.chance(0.7) ? JSON.stringify({ claims: { customer_id: dice.text(8) } }) : json(dice, headers);
  return { plane: "backend", about: "/site/context", method: "POST", path: tampered(dice, `/site/${dice.chance(0.9) ? "shop" : "other"}/context`), headers, body };
}

function stranger(dice, people) {
  const open = ROUTES.filter(({ plane }) => !["visitor", "operator"].includes(plane)).map((route) => fill(dice, route.path));
  const path = dice.pick([...open, ...open, "/", "/perch.js", "/console/", "/console/x", "/widget/x/widget.js", "/metrics", "/debug", "/logs", "/.env",
    "/admin", "/api", "/api/platform", "/visitor", "/operator", "/favicon.ico", "/wrangler.toml", "/cdn-cgi/trace", `/${dice.text(30)}`]);
  const headers = { ...odd(dice), ...(dice.chance(0.3) ? operator(dice, people) : {}) };
  return { plane: "stranger", about: path, method: dice.chance(0.7) ? "GET" : dice.pick(METHODS), path, headers };
}

/** Also some that the worker does not know, and one that nobody does. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY"];

function operator(dice, { operators }) {
  const cookie = dice.weigh([[14, operators.admin], [6, dice.pick(Object.values(operators))], [1, null], [0.5, "__Host-perch=po1.x.y.z"], [0.5, "a=b"]]);
  return cookie === null ? {} : { cookie };
}

function token(dice, one) {
  const at = dice.below(one.token.length);
  return dice.weigh([
    [12, { authorization: `Bearer ${one.token}` }],
    [1, {}],
    [1, { authorization: `Bearer ${one.token.slice(0, at)}A${one.token.slice(at + 1)}` }],
    [1, { authorization: `Bearer ${one.resume}` }],
    [1, { authorization: `Basic ${one.token}` }],
  ]);
}

const marked = (dice) => (dice.chance(0.93) ? { "x-perch": "1" } : {});

function confirmed(dice, { id, safety }) {
  return dice.chance(safety === "cost" ? 0.9 : 0.1) ? { "idempotency-key": dice.text(20), "x-perch-confirm": id } : {};
}

// Headers that a caller may add to mislead somebody.
function odd(dice) {
  const headers = { "cf-connecting-ip": `198.51.${dice.below(256)}.${dice.below(256)}` };
  for (let count = dice.weigh([[3, 0], [2, 1], [1, 4]]); count > 0; count -= 1) {
    const [name, value] = dice.pick([["x-api-key", "mine"], ["x-token", "mine"], ["authorization", "Bearer mine"], ["x-forwarded-host", "evil.example"],
      ["x-forwarded-for", "10.0.0.1"], ["range", "bytes=0-9"], ["if-none-match", '"a"'], ["accept-encoding", dice.pick(["gzip", "br", "identity"])],
      ["x-polyai-correlation-id", dice.text(12)], ["traceparent", `00-${dice.text(32, "0123456789abcdef")}-${dice.text(16, "0123456789abcdef")}-01`],
      ["tracestate", "a=b"], ["accept", "text/event-stream"], ["x-http-method-override", "DELETE"], ["x-debug", "1"], ["origin", "https://evil.example"],
      ["sec-fetch-site", "cross-site"], ["expect", "200-maybe"], ["x-huge", "x".repeat(4_000)], ["if-range", '"a"'], ["content-language", "de"]]);
    headers[name] = value;
  }
  return headers;
}

function json(dice, headers) {
  const [type, body] = dice.weigh([
    [8, ["application/json", JSON.stringify({ name: dice.text(8), [dice.text(5)]: [1, null, { a: dice.text(4) }] })]],
    [2, ["application/json", "{}"]],
    [1, ["application/json", '{"a":'.repeat(500)]],
    [1, ["text/plain", dice.text(200)]],
    [1, ["application/x-www-form-urlencoded", `a=${dice.text(9)}`]],
    [0.3, ["application/json", `"${"x".repeat(1_200_000)}"`]],
  ]);
  headers["content-type"] = type;
  if (dice.chance(0.05)) headers["content-encoding"] = "gzip";
  return headers["content-encoding"] ? gzipSync(body) : body;
}

// The placeholders of a path, most often with the configured ids.
function fill(dice, path) {
  return path.replaceAll(/\{(\w+)\}/g, (_, name) => {
    if (dice.chance(0.03)) return dice.text(8);
    if (/account/i.test(name)) return ACCOUNT;
    if (/^(project_id|agentId)$/.test(name)) return PROJECT;
    return name === "version" ? "v1" : dice.weigh([[5, dice.text(8)], [1, "CA-1"], [1, "live"]]);
  });
}

function tampered(dice, path) {
  if (dice.chance(0.95)) return path;
  const at = 1 + dice.below(path.length);
  const trick = dice.pick(["..", "%2e%2e", "%2f", "//", ";", "@evil.example", "%00", "?", "%0d%0a", "\\", ":", "%ff", "+"]);
  return path.slice(0, at) + trick + path.slice(at);
}
