// Requests byte by byte, to raw workerd: what no client library sends, and what no reader may take for something else.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { Dice } from "../support/dice.mjs";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { raw } from "../support/http.mjs";
import { freshKeys } from "../support/keys.mjs";
import { Operator } from "../support/operator.mjs";
import { noConversations, startPlatform } from "../support/platform.mjs";
import { startBareWorker } from "../support/workerd.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const SEED = Number(process.env.PERCH_SEED ?? 1);

let platform;
let worker;
let cookie;
let folder;
// Where a worker that can be misled would go.
let elsewhere;
let reached = 0;
before(async () => {
  platform = await startPlatform({ answer: noConversations });
  elsewhere = createServer((socket) => {
    reached += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  folder = await mkdtemp(join(tmpdir(), "perch-requests-"));
  const keys = freshKeys();
  worker = await startBareWorker({ keys, folder, hosts: platform.hosts() });
  ({ cookie } = await Operator.signIn(worker.url, keys.setup));
});
after(async () => {
  await worker?.stop();
  await platform?.stop();
  elsewhere?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  platform.requests.length = 0;
  reached = 0;
});

const send = (head, body = "") => raw(worker.url, Buffer.from(`${head}\r\nConnection: close\r\n\r\n${body}`, "latin1"));
const answers = (whole) => whole.match(/^HTTP\/1\.1 \d{3}/gm) ?? [];

test("T20 whatever is sent, nothing but the configured host is dialled, with a path of the table", async (t) => {
  const evil = `127.0.0.1:${elsewhere.address().port}`;
  const dice = new Dice(SEED, "hosts");
  const places = () => dice.pick([evil, `user@${evil}`, `${evil}#`, `${evil}\\`, `${evil}/..`, `x.${evil}`, `http://${evil}`, `//${evil}`, "[::1]:80", "0x7f000001"]);
  const spoil = (text) => {
    const at = dice.below(text.length + 1);
    return text.slice(0, at) + dice.pick([`@${evil}`, `//${evil}/`, "/../", "%2f", "%2e%2e", ";", "\\", `?host=${evil}`, "#", "%00", "\u00e4", "%c0%af", ":", "//"]) + text.slice(at);
  };
  let passed = 0;
  for (let count = 0; count < 400; count += 1) {
    const path = dice.chance(0.5) ? LIST : spoil(LIST);
    const query = dice.weigh([[3, ""], [2, "?limit=1"], [1, `?query=http://${evil}/`], [1, `?cursor=${evil}`], [1, spoil("?limit=1")]]);
    const target = dice.weigh([[3, path + query], [1, `http://${evil}${path}${query}`], [1, `http://${places()}${path}`], [1, `//${evil}${path}`]]);
    const host = dice.chance(0.5) ? "edge" : places();
    const more = ["X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded", "X-Forwarded-Proto", "X-Perch-Account", "Referer"]
      .filter(() => dice.chance(0.2)).map((name) => `${name}: ${name === "Forwarded" ? `host=${evil}` : places()}\r\n`).join("");
    const { status } = await send(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${more}Cookie: ${cookie}`);
    assert.ok([0, 200, 400, 403, 404, 405].includes(status), `${status}: ${target} ${host}`);
    passed += status === 200 ? 1 : 0;
  }
  t.diagnostic(`${passed} of 400 passed`);
  assert.ok(passed > 20, `only ${passed} passed`);
  assert.equal(reached, 0, "another host was dialled");
  for (const { url, headers, method } of platform.requests) {
    assert.equal(`http://${headers.host}`, platform.url);
    assert.equal(method, "GET");
    assert.equal(url.split("?")[0], `/v3/${ACCOUNT}/${PROJECT}/conversations`);
    const rest = { ...headers, host: "" };
    assert.ok(!JSON.stringify(rest).includes(evil), `a header carries the place: ${JSON.stringify(rest)}`);
  }
});

test("T26 control characters in header values never reach the platform, and split no answer", async () => {
  for (const bad of ["a\rb", "a\nb", "a\0b", "a\r\n b", "a\x0bb", "a\x7fb", "\x01"]) {
    for (const name of ["Accept", "Accept-Language", "Range", "X-Polyai-Correlation-Id", "Origin", "If-None-Match", "X-Perch-Account", "Traceparent"]) {
      platform.requests.length = 0;
      const { whole } = await send(`GET ${LIST} HTTP/1.1\r\nHost: edge\r\nCookie: ${cookie}\r\n${name}: ${bad}`);
      assert.ok(answers(whole).length <= 1, `${name}: ${JSON.stringify(bad)}`);
      assert.ok(!/^b\b/m.test(whole), "an answer with a line of the caller's");
      for (const { headers } of platform.requests) {
        for (const value of Object.values(headers)) assert.doesNotMatch(value, /[\0-\x08\x0a-\x1f\x7f]/, name);
      }
    }
  }
});

test("T27 a second request inside a body is never one", async () => {
  const inner = `GET ${LIST} HTTP/1.1\r\nHost: edge\r\nCookie: ${cookie}\r\n\r\n`;
  const framings = ["Content-Length: 3\r\nContent-Length: 4", "Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: xchunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Transfer-Encoding : chunked", "Transfer-Encoding:\tchunked", "Content-Length: +4",
    "Content-Length: 0x4", "Content-Length: -1", "Content-Length: 4 4", "Content-Length: 99999999999999999999", "Content-Length:", "Transfer-Encoding: chunked, chunked"];
  for (const framing of framings) {
    for (const target of ["POST /health", `POST ${LIST}`, "POST /operator/session", "POST /visitor/session"]) {
      platform.requests.length = 0;
      const { whole } = await raw(worker.url, Buffer.from(`${target} HTTP/1.1\r\nHost: edge\r\nX-Perch: 1\r\n${framing}\r\nConnection: close\r\n\r\n0\r\n\r\n${inner}`, "latin1"));
      assert.ok(answers(whole).length <= 1, `${framing}: ${whole.slice(0, 200)}`);
      assert.deepEqual(platform.requests, [], framing);
    }
  }
});

test("T28 methods that do not exist, and those of other protocols, are refused and dial nobody", async () => {
  for (const method of ["TRACE", "TRACK", "PROPFIND", "get", "GETT", "DEBUG", "PURGE", "SEARCH", "QUERY", "LINK"]) {
    for (const path of ["/health", LIST, "/visitor/session", "/operator/session"]) {
      const { status, whole } = await send(`${method} ${path} HTTP/1.1\r\nHost: edge\r\nCookie: ${cookie}\r\nX-Perch: 1\r\nX-Secret: echo-me`);
      assert.ok([400, 405, 501, 0].includes(status), `${method} ${path}: ${status}`);
      assert.ok(!whole.includes("echo-me"), "a method that repeats the request");
    }
  }
  assert.deepEqual(platform.requests, []);
});
