// Addresses spelled to be read differently by two parties: none of them reaches the platform as anything else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { assertRefused, raw } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { noConversations, startPlatform } from "../support/platform.mjs";
import { startBareWorker } from "../support/workerd.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const DETAIL = `/api/build/v1/agents/${PROJECT}/conversations`;

let platform;
let world;
let edge;
let operator;
// The same worker with nothing before it: miniflare tidies addresses before the worker sees them.
let bare;
let bareCookie;
before(async () => {
  platform = await startPlatform({ answer: noConversations });
  world = await startWorld({ platform });
  edge = world.edge.url;
  operator = await Operator.signIn(edge, world.keys.setup);
  bare = await startBareWorker({ keys: world.keys, folder: world.folder, hosts: platform.hosts() });
  bareCookie = (await Operator.signIn(bare.url, world.keys.setup)).cookie;
});
after(async () => {
  await bare?.stop();
  await world?.stop();
  await platform?.stop();
});

/** A signed-in GET to the bare worker, with the target byte by byte as given. */
const bareGet = (target) =>
  raw(bare.url, Buffer.from(`GET ${target} HTTP/1.1\r\nHost: edge\r\nCookie: ${bareCookie}\r\nConnection: close\r\n\r\n`));
/** A refusal as it comes over a raw connection. */
const refusal = ({ whole }) => /"code":"(\w+)"/.exec(whole)?.[1];

const untouched = (work) => platform.untouched(work);

test("T22 path tricks are refused in every segment", () => untouched(async () => {
  const tricks = [
    "..", ".", "%2e%2e", "%2E%2E", ".%2e", "%2e", "..%2f..", "a%2fb", "a%2Fb", "a%5cb", "a\\b", "a;b", "a;x=1", "a@b",
    "user@evil.example", "a:b", "%00", "a%00b", "a%0d%0ab", "%c0%ae%c0%ae", "%e0%80%af", "%ff", "a%", "a%2", "a%zz", "%252e%252e",
    "a+b", "a,b", "a=b", "a&b", "a!b", "a'b", "a(b)", "a*b", "a$b", "a|b", "a^b", "a`b", "a{b}", "a<b>", 'a"b', "\u00e4",
  ];
  for (const trick of tricks) {
    for (const path of [`${DETAIL}/${trick}`, LIST.replace(PROJECT, trick), LIST.replace(ACCOUNT, trick), LIST.replace("v3", trick),
      `/api/build/v1/agents/${PROJECT}/${trick}/CA-1`, `/api/build/${trick}/v1/agents/${PROJECT}/conversations/CA-1`,
      `/api/${trick}/v1/agents/${PROJECT}/conversations/CA-1`, `/${trick}${LIST}`, `${LIST}/${trick}`, `/visitor/${trick}`,
      `/console/${trick}/x`, `/widget/${trick}`]) {
      const answer = await bareGet(path);
      assert.equal(answer.status, 400, `${path}: ${answer.text.slice(0, 80)}`);
      // A few bytes workerd itself refuses before the worker sees them.
      assert.ok(refusal(answer) === "bad_path" || answer.text === "invalid URI", `${path} ${answer.whole}`);
    }
  }
}));

test("T22 extra slashes, whole addresses and endless paths are refused", () => untouched(async () => {
  const tail = `v1/agents/${PROJECT}/conversations/CA-1`;
  for (const target of [
    `//api/build/${tail}`, `/api//build/${tail}`, `/api/build//${tail}`, `/api/build/${tail}//`,
    `/api/build/${tail}/%23`, `/api/build/${tail}%3fx=1`, `/api/build@evil.example/${tail}`, `/api/build:80/${tail}`,
    `/api/http://evil.example/${tail}`, `/api/build/http://evil.example/${tail}`, `/api/build/@evil.example/${tail}`,
    `http://evil.example/api/build/${tail}/..`, `/%61pi/build/${tail}`, `/api%2fbuild/${tail}`, `/api/%62uild/${tail}`,
    `/${"a".repeat(3_000)}`, `${DETAIL}/${"a".repeat(3_000)}`, `/api/build/${tail}/`,
  ]) {
    const answer = await bareGet(target);
    assert.equal(answer.status, 400, `${target.slice(0, 80)}: ${answer.text.slice(0, 80)}`);
    assert.equal(refusal(answer), "bad_path", target.slice(0, 80));
  }
  assert.equal((await bareGet(`/api/build.evil.example/${tail}`)).status, 404);
  for (const target of ["*", "api/build", "?x"]) {
    const { status } = await bareGet(target);
    assert.ok(status === 400 || status === 404, `${target}: ${status}`);
  }
}));

test("T22 a fragment is cut off by the runtime, as in every HTTP server, and its content reaches nobody", async () => {
  platform.requests.length = 0;
  for (const fragment of ["#", "#x", "#/../../v1/agents", "#@evil.example/"]) {
    assert.equal((await bareGet(`${DETAIL}/CA-1${fragment}`)).status, 200, fragment);
  }
  assert.deepEqual([...new Set(platform.requests.map(({ url }) => url))], [`${DETAIL.replace("/api/build", "")}/CA-1`]);
});

test("T22 behind miniflare's tidying a trick is refused or is its tidy form, and nothing third", async () => {
  for (const trick of ["..", ".", "%2e%2e", ".%2e/..", "..%2f..", "a\\..\\b", "x/../CA-2"]) {
    platform.requests.length = 0;
    const target = `${DETAIL}/${trick}/CA-1`;
    const tidy = new URL(edge + target).pathname;
    const { status } = await raw(edge, `GET ${target} HTTP/1.1\r\nHost: edge\r\nCookie: ${operator.cookie}\r\nConnection: close\r\n\r\n`);
    const urls = platform.requests.map(({ url }) => `/api/build${url}`);
    if (status === 200) assert.deepEqual(urls, [tidy]);
    // 405: the tidy form is an agent's address, which can be deleted and not read.
    else assert.deepEqual([[400, 404, 405].includes(status), urls], [true, []], `${target}: ${status}`);
  }
});

test("T22 dot segments reach files no more than operations", () => untouched(async () => {
  for (const target of ["/console/../../package.json", "/widget/../sizes.json", "/console/%2e%2e/sizes.json",
    "/console/..%2fsizes.json", "/console/..\\..\\package.json", "/widget/%2e%2e/%2e%2e/package.json", "/perch.js%00.html"]) {
    for (const origin of [edge, bare.url]) {
      const { status, text } = await raw(origin, `GET ${target} HTTP/1.1\r\nHost: edge\r\nConnection: close\r\n\r\n`);
      assert.ok([400, 404].includes(status), `${target}: ${status}`);
      assert.ok(!text.includes("devDependencies") && !text.includes("brotli"), target);
    }
  }
}));

test("T20 nothing a caller sends moves the host that is dialled", async () => {
  const headers = {
    host: "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https", forwarded: "host=evil.example",
    "x-original-url": "http://evil.example/", "x-rewrite-url": "/control/state", "x-http-method-override": "DELETE",
  };
  platform.requests.length = 0;
  const answer = await operator.get(`${LIST}?limit=9&query=http://evil.example/%23@%2F..%2F`, headers);
  assert.equal(answer.status, 200, answer.text);
  const [{ method, url, headers: seen }] = platform.requests;
  assert.equal(method, "GET");
  assert.equal(url, `/v3/${ACCOUNT}/${PROJECT}/conversations?limit=9&query=http://evil.example/%23@%2F..%2F`);
  assert.equal(`http://${seen.host}`, platform.url);
  assert.ok(!JSON.stringify({ ...seen }).includes("evil.example"));

  platform.requests.length = 0;
  const whole = await bareGet(`http://evil.example${LIST}?limit=9`);
  assert.equal(whole.status, 200);
  assert.deepEqual(platform.requests.map(({ url }) => url), [`${LIST.replace("/api/platform", "")}?limit=9`]);
  assert.equal(`http://${platform.requests[0].headers.host}`, platform.url);
});

test("T22 T26 queries take documented names and no control characters", () => untouched(async () => {
  for (const query of ["evil=1", "limit=1&evil=1", "%6cimit=1", "LIMIT=1", "limit[]=1", "=1", "url=http://x", "redacted"]) {
    assertRefused(await operator.get(`${LIST}?${query}`), 400, "query_not_allowed", query);
  }
  for (const query of ["query=a%0d%0aX-Evil:1", "query=%00", "query=%7f", "query=%", "query=%zz", "query=a|b", "query=a{b"]) {
    const answer = await bareGet(`${LIST}?${query}`);
    assert.equal(answer.status, 400, `${query} ${answer.text.slice(0, 90)}`);
    assert.equal(refusal(answer), "bad_path", query);
  }
  assertRefused(await operator.get(`${LIST}?query=${"a".repeat(9_000)}`), 400, "bad_path");
}));

test("T27 ambiguous framing never becomes two requests", () => untouched(async () => {
  const smuggled = `GET ${LIST} HTTP/1.1\r\nHost: edge\r\nCookie: ${operator.cookie}\r\n\r\n`;
  for (const framing of ["Content-Length: 3\r\nContent-Length: 4", "Content-Length: 4\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: xchunked", "Content-Length: +4", "Content-Length: 0x4", "Content-Length: -1"]) {
    const { whole } = await raw(edge, `POST /health HTTP/1.1\r\nHost: edge\r\nConnection: close\r\n${framing}\r\n\r\n0\r\n\r\n${smuggled}`);
    assert.ok((whole.match(/^HTTP\/1\.1 /gm) ?? []).length <= 1, framing);
  }
}));

