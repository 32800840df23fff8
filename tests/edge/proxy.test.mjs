// The operator's way to the platform: what crosses in either direction, and what a bad platform can do.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { assertRefused, assertSecured, call, open } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { startPlatform } from "../support/platform.mjs";
import { Visitor } from "../support/visitor.mjs";
import { until, within } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const DETAIL = `/api/build/v1/agents/${PROJECT}/conversations/CA-1`;

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
  platform.requests.length = 0;
  platform.stream = undefined;
  platform.answer = undefined;
});

/** Lets the platform answer once in its own way. */
const answers = (status, headers, body) => {
  platform.answer = (_, response) => {
    response.writeHead(status, headers);
    response.end(body);
    return true;
  };
};

test("each operation gets the one key it needs, on the path it names", async () => {
  answers(200, { "content-type": "application/json" }, "{}");
  await operator.get(`${LIST}?limit=2&cursor=abc`);
  await operator.get(DETAIL);
  const [list, detail] = platform.requests;
  const { platform: keys } = world.keys;
  assert.equal(list.url, `/v3/${ACCOUNT}/${PROJECT}/conversations?limit=2&cursor=abc`);
  assert.equal(list.headers["x-api-key"], keys.conversations);
  assert.equal(detail.url, `/v1/agents/${PROJECT}/conversations/CA-1`);
  assert.equal(detail.headers["x-api-key"], keys.workspace);
  for (const [seen, own] of [[list, keys.conversations], [detail, keys.workspace]]) {
    for (const key of Object.values(keys).filter((key) => key !== own)) {
      assert.ok(!JSON.stringify(seen.headers).includes(key), "a key that was not needed");
    }
  }
});

test("T24 request headers cross by a list; credentials of the caller never do", async () => {
  answers(200, { "content-type": "application/json" }, "{}");
  const listed = { accept: "application/json", "accept-language": "de", "if-none-match": '"v1"', range: "bytes=0-1" };
  const evil = {
    authorization: "Bearer stolen", "x-api-key": "stolen", "X-API-KEY": "stolen", "x-token": "stolen", "x-host": "stolen",
    "x-polyai-auth-token": "stolen", "proxy-authorization": "stolen", "cf-connecting-ip": "1.1.1.1", "cf-ray": "stolen",
    "cf-worker": "stolen", "true-client-ip": "stolen", "x-forwarded-for": "stolen", "x-forwarded-host": "stolen",
    "x-real-ip": "stolen", forwarded: "for=stolen", via: "stolen", te: "trailers", "keep-alive": "stolen",
    "x-evil": "stolen", connection: "close, x-evil, accept-language", referer: "http://stolen/", "user-agent": "stolen",
    "x-polyai-correlation-id": "stolen words", dnt: "1", "sec-fetch-mode": "cors", "if-modified-since": "stolen",
  };
  const answer = await operator.get(LIST, { ...listed, ...evil });
  assert.equal(answer.status, 200, answer.text);
  const { headers } = platform.requests[0];
  for (const [name, value] of Object.entries(listed)) assert.equal(headers[name], value, name);
  assert.ok(!JSON.stringify(headers).includes("stolen"), JSON.stringify(headers));
  for (const name of ["cookie", "cf-connecting-ip", "te", "trailer", "referer", "dnt", "x-perch", "origin", "expect"]) {
    assert.equal(headers[name], undefined, name);
  }
  assert.match(headers["user-agent"], /^perch-edge\//);
});

test("a caller may name an exchange by a plain word; else it has the name of the worker's answer", async () => {
  answers(200, { "content-type": "application/json" }, "{}");
  const named = async (given) => {
    platform.requests.length = 0;
    const answer = await operator.get(LIST, given === undefined ? {} : { "x-polyai-correlation-id": given });
    assert.equal(answer.status, 200, answer.text);
    return [platform.requests[0].headers["x-polyai-correlation-id"], answer.headers["x-request-id"]];
  };
  for (const plain of ["web-7f3a.c:9_Z", "x".repeat(64)]) assert.equal((await named(plain))[0], plain);
  for (const odd of [undefined, "", "x".repeat(65), "two words", "a,b", "a;b=c", "%0d%0a", "\u00e9"]) {
    const [name, own] = await named(odd);
    assert.ok(/^[\w-]{8,64}$/.test(own) && name === own, `${odd}: ${name} is not ${own}`);
  }
  // Twice is not once.
  const [name, own] = await named(["one", "two"]);
  assert.equal(name, own);
});

test("T25 response headers cross by a list; the platform cannot set cookies, policies or places", async () => {
  const listed = { "content-type": "application/json", etag: '"v1"', "x-polyai-correlation-id": "corr-1" };
  const odd = { "content-language": "de", "retry-after": "7", "accept-ranges": "bytes", "content-disposition": "inline" };
  const evil = {
    "set-cookie": ["__Host-perch=evil", "a=b"], server: "evil", "x-powered-by": "evil", location: "http://evil/",
    "access-control-allow-origin": "*", "access-control-allow-credentials": "true", "content-security-policy": "default-src *",
    "x-frame-options": "ALLOWALL", "cache-control": "public, max-age=9", vary: "evil", via: "evil", link: "<evil>",
    refresh: "0;url=http://evil/", "clear-site-data": '"*"', "strict-transport-security": "max-age=0", "alt-svc": "evil",
    "www-authenticate": "Basic", "x-api-key": "evil", "x-request-id": "evil", "referrer-policy": "unsafe-url",
    "service-worker-allowed": "/", "x-evil": "evil",
  };
  answers(404, { ...listed, ...odd }, "{}");
  const refused = await operator.get(LIST);
  for (const [name, value] of Object.entries({ ...listed, ...odd })) assert.equal(refused.headers[name], value, name);
  answers(200, { ...listed, ...odd, ...evil }, '{"a":1}');
  const answer = await operator.get(LIST);
  assert.equal(answer.status, 200);
  for (const name of Object.keys(odd)) assert.equal(answer.headers[name], undefined, `${name} says nothing of a plain answer`);
  assert.equal(answer.text, '{"a":1}');
  assertSecured(answer);
  for (const [name, value] of Object.entries(listed)) assert.equal(answer.headers[name], value, name);
  assert.equal(answer.headers["cache-control"], "private, no-store");
  const { "x-request-id": id, ...rest } = answer.headers;
  assert.ok(!JSON.stringify(rest).includes("evil") && id !== "evil", JSON.stringify(answer.headers));
  for (const name of ["set-cookie", "server", "location", "access-control-allow-origin", "access-control-allow-credentials",
    "strict-transport-security", "clear-site-data", "www-authenticate", "vary", "refresh", "link"]) {
    assert.equal(answer.headers[name], undefined, name);
  }
});

test("T23 a redirect is never followed and its target never shown", async () => {
  for (const status of [301, 302, 303, 307, 308, 300]) {
    platform.requests.length = 0;
    answers(status, { location: `${platform.url}/followed` }, "moved");
    const answer = await operator.get(`${LIST}?limit=9`);
    assertRefused(answer, 502, "upstream_redirected", `${status}`);
    assert.equal(answer.headers.location, undefined);
    assert.deepEqual(platform.requests.map(({ url }) => url), [`${LIST.replace("/api/platform", "")}?limit=9`]);
  }
  // The edge's own calls follow none either, and the key in them goes nowhere else.
  platform.requests.length = 0;
  answers(307, { location: `${platform.url}/followed` }, "");
  const session = await new Visitor(edge).post("/visitor/session", { site: "shop" }, {});
  assertRefused(session, 502, "upstream_redirected");
  assert.deepEqual(platform.requests.map(({ url }) => url), ["/api/v1/access-token"]);
});

test("the platform's own refusals reach the operator as they are", async () => {
  for (const status of [400, 401, 403, 404, 409, 422, 429, 500, 503]) {
    answers(status, { "content-type": "application/json", "retry-after": "0" }, '{"code":"SOME_CODE"}');
    const answer = await operator.get(LIST);
    assert.equal(answer.status, status);
    assert.equal(answer.text, '{"code":"SOME_CODE"}');
    assert.equal(answer.headers["retry-after"], "0");
    assertSecured(answer);
  }
});

test("T31 trouble with the platform gives a fixed text and nothing of the platform's", async () => {
  const UPSTREAM = "upstream says: secret detail";
  const trouble = {
    "cut before the answer": (response) => response.destroy(),
    "no HTTP at all": (response) => response.socket.end(`${UPSTREAM}\r\n\r\n`),
  };
  for (const [about, make] of Object.entries(trouble)) {
    platform.answer = (_, response) => (make(response), true);
    const answer = await operator.get(LIST);
    assertRefused(answer, 502, "upstream_unreachable", about);
    assert.ok(!answer.text.includes("upstream says"), about);
  }
  // On the visitor's side every word of the platform is replaced.
  for (const [status, expected] of [[400, 502], [401, 502], [403, 502], [404, 502], [429, 429], [500, 502], [503, 502]]) {
    answers(status, { "content-type": "text/html", "x-upstream": UPSTREAM }, `<h1>${UPSTREAM}</h1>`);
    const answer = await new Visitor(edge).post("/visitor/session", { site: "shop" }, {});
    assertRefused(answer, expected, expected === 429 ? "too_many_requests" : "upstream_refused", `${status}`);
    assert.ok(!(answer.text + JSON.stringify(answer.headers)).includes("secret detail"));
  }
});

test("malformed answers of the platform become a fixed refusal", async () => {
  const bad = ["", "{", "[]", "null", "<html>", '{"access_token":7}', '{"access_token":"a.b.c"}', '{"session_id":"x"}',
    `{"access_token":"a.b.c","expires_in":"soon"}`, "\u0000", "{".repeat(100_000), "x".repeat(1_000_000)];
  for (const body of bad) {
    answers(200, { "content-type": "application/json" }, body);
    const answer = await new Visitor(edge).post("/visitor/session", { site: "shop" }, {});
    assert.equal(answer.status, 502, `${body.slice(0, 40)}: ${answer.text}`);
    assert.match(answer.json.error.code, /^upstream_(refused|unreachable)$/);
    assertSecured(answer);
  }
  platform.answer = undefined;
  assert.equal((await Visitor.open(edge)).resumed, false, "the next one is served");
});

test("T30 a platform that echoes request headers back shows no visitor a key", async () => {
  const keys = Object.values(world.keys.platform);
  for (const status of [200, 400, 500, 302]) {
    platform.answer = (request, response) => {
      const seen = JSON.stringify(request.headers);
      response.writeHead(status, { "content-type": "application/json", "x-echo": seen, location: `/?${encodeURIComponent(seen)}` });
      response.end(seen);
      return true;
    };
    const answer = await new Visitor(edge).post("/visitor/session", { site: "shop" }, {});
    for (const key of keys) assert.ok(!(answer.text + JSON.stringify(answer.headers)).includes(key), `${status}`);
  }
});

test("bodies stream: chunks arrive as they are sent", async () => {
  const chunks = ['{"conversations":[', '{"id":"CA-1"},', '{"id":"CA-2"}', "]}"];
  let next;
  platform.stream = (request, response) => {
    if (!request.url.includes("/conversations")) return false;
    response.writeHead(200, { "content-type": "application/json" });
    next = (chunk) => (chunk === null ? response.end() : response.write(chunk));
    response.flushHeaders();
    return true;
  };
  // Answered before the first byte of the body exists.
  const answer = await open(edge, "GET", LIST, { headers: { cookie: operator.cookie } });
  assert.equal(answer.statusCode, 200);
  answer.setEncoding("utf8");
  for (const chunk of chunks) {
    next(chunk);
    const [got] = await within("the chunk arrives", once(answer, "data"));
    assert.equal(got, chunk);
  }
  next(null);
  await within("the end arrives", once(answer, "end"));
});

test("a large answer passes whole, and a packed one still means the same", async () => {
  const large = JSON.stringify({ conversations: Array.from({ length: 40_000 }, (_, n) => ({ id: `CA-${n}`, summary: "ü🙂" })) });
  answers(200, { "content-type": "application/json" }, large);
  assert.equal((await operator.get(LIST)).text, large);
  answers(200, { "content-type": "application/json", "content-encoding": "gzip" }, gzipSync(large));
  const packed = await fetch(edge + LIST, { headers: { cookie: operator.cookie } });
  assert.equal(await packed.text(), large);
});

test("an answer that breaks off in the middle does not look complete", async () => {
  const breaks = (length, body) => {
    platform.stream = (request, response) => {
      if (!request.url.includes("/conversations")) return false;
      response.writeHead(200, { "content-type": "application/json", "content-length": length });
      response.write(body, () => setImmediate(() => response.destroy()));
      return true;
    };
    return call(edge, "GET", LIST, { headers: { cookie: operator.cookie } });
  };
  assertRefused(await breaks(1_000, '{"conversations":['), 502, "upstream_unreachable");
  await assert.rejects(breaks(1_000_000, " ".repeat(200_000)));
  platform.stream = undefined;
  answers(200, { "content-type": "application/json" }, "{}");
  assert.equal((await operator.get(LIST)).status, 200, "others go on");
});

test("T58 a caller who goes away cancels the platform's work", async () => {
  const begin = (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write("[");
  };
  const flowing = (response) => {
    begin(response);
    const timer = setInterval(() => response.write("1,"), 20);
    response.on("close", () => clearInterval(timer));
  };
  const reset = (sent) => sent.socket.resetAndDestroy();
  const close = (sent) => sent.destroy();
  for (const [about, work, leave] of [
    ["before the answer", () => {}, reset],
    ["in the middle of an answer", begin, reset],
    ["while the answer flows", flowing, reset],
    // HTTP/1.1 cannot tell a close from an end of requests until something is written.
    ["with a plain close while the answer flows", flowing, close],
  ]) {
    platform.requests.length = 0;
    platform.stream = (request, response) => {
      if (!request.url.includes("/conversations")) return false;
      work(response);
      return true;
    };
    const { hostname, port } = new URL(edge);
    const sent = request({ hostname, port, path: LIST, headers: { cookie: operator.cookie }, agent: false });
    sent.on("error", () => {}).on("response", (answer) => answer.on("error", () => {}).resume()).end();
    const seen = await until(`the platform is asked ${about}`, () => platform.requests[0]);
    assert.equal(seen.aborted, false, about);
    leave(sent);
    await until(`the platform notices ${about}`, () => seen.aborted, 5_000);
  }
});

test("T50 bodies of the edge's own routes are bounded, with and without a stated length", async () => {
  const visitor = await Visitor.open(edge);
  platform.requests.length = 0;
  const huge = JSON.stringify({ message: "x".repeat(200_000) });
  const headers = { origin: visitor.origin, authorization: `Bearer ${visitor.token}`, "content-type": "application/json" };
  for (const path of ["/visitor/session", "/visitor/chat/respond"]) {
    assertRefused(await call(edge, "POST", path, { headers, body: huge }), 413, "too_large", path);
    const chunked = { ...headers, "transfer-encoding": "chunked" };
    assertRefused(await call(edge, "POST", path, { headers: chunked, body: huge }), 413, "too_large", `${path} chunked`);
  }
  const lying = { ...headers, "content-encoding": "gzip" };
  const bomb = await call(edge, "POST", "/visitor/session", { headers: lying, body: gzipSync(Buffer.alloc(50_000_000)) });
  assert.ok(bomb.status === 400 || bomb.status === 413, `${bomb.status}`);
  assert.deepEqual(platform.requests, []);
});

test("T44 one request's trouble is not another's", async () => {
  let turn = 0;
  platform.answer = async (_, response) => {
    turn += 1;
    const mine = turn;
    await sleep(mine % 3);
    if (mine % 4 === 0) response.destroy();
    else response.writeHead(200, { "content-type": "application/json" }).end(`{"n":${mine}}`);
    return true;
  };
  const all = await Promise.all(Array.from({ length: 40 }, () => operator.get(LIST)));
  const good = all.filter(({ status }) => status === 200);
  // Some of the others were asked for once more.
  assert.ok(good.length >= 30, `${good.length}`);
  assert.equal(new Set(good.map(({ text }) => text)).size, good.length, "no answer went to two callers");
  for (const answer of all.filter(({ status }) => status !== 200)) assertRefused(answer, 502, "upstream_unreachable");
});
