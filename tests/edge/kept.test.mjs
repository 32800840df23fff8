// Lists that are kept for a moment, recordings that never are, and platforms and callers that dawdle.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { PROJECT } from "../support/edge.mjs";
import { assertRefused, assertSecured, raw } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { startPlatform } from "../support/platform.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/build/v1/agents/${PROJECT}/branches`;
const AUDIO = `/api/build/v1/agents/${PROJECT}/conversations/CA-1/audio`;
const RECORDING = Buffer.from("RIFF----WAVEfmt a recording of some length");

let platform;
let world;
let operator;
before(async () => {
  platform = await startPlatform();
  // A hundred times less patient than in production.
  world = await startWorld({ platform, vars: { PERCH_SIMULATOR_HASTE: "100" } });
  operator = await Operator.signIn(world.edge.url, world.keys.setup);
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});
beforeEach(() => {
  platform.requests.length = 0;
  platform.stream = undefined;
});

test("T43 nothing a caller adds to a request changes what others are given from the cache", async () => {
  platform.answer = (request, response) => {
    const { host: _, ...headers } = request.headers;
    delete headers["x-api-key"];
    delete headers["x-polyai-correlation-id"];
    delete headers.traceparent;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ branches: [], seen: headers, url: request.url }));
    return true;
  };
  const first = await operator.get(LIST, {
    "x-forwarded-host": "evil.example", "x-original-url": "/evil", "x-http-method-override": "DELETE", "user-agent": "evil", "if-none-match": '"evil"',
    range: "bytes=0-3", "accept-encoding": "evil", "x-forwarded-for": "evil", "x-polyai-correlation-id": "evil", "x-evil": "evil", origin: world.edge.url,
  });
  assert.equal(first.status, 200, first.text);
  const second = await operator.get(LIST);
  assert.equal(platform.requests.length, 1, "the second was served from the cache");
  assert.equal(second.text, first.text);
  assert.ok(!JSON.stringify([second.text, second.headers]).includes("evil"), second.text);
  // What the answer may depend on is part of its name.
  for (const headers of [{ accept: "text/evil" }, { "accept-language": "xx" }]) {
    const before = platform.requests.length;
    assert.equal((await operator.get(LIST, headers)).status, 200);
    assert.equal(platform.requests.length, before + 1, JSON.stringify(headers));
  }
  assert.equal((await operator.get(LIST)).text, first.text);
});

test("T67 parts of a recording pass as the platform cuts them, and never come from a cache", async () => {
  platform.answer = (request, response) => {
    const { range } = request.headers;
    const cut = /^bytes=(\d+)-(\d+)$/.exec(range ?? "");
    const plain = { "content-type": "audio/wav", "accept-ranges": "bytes", etag: '"r1"' };
    if (range === undefined) response.writeHead(200, { ...plain, "content-length": RECORDING.length }).end(RECORDING);
    else if (!cut || Number(cut[1]) >= RECORDING.length) response.writeHead(416, { ...plain, "content-range": `bytes */${RECORDING.length}` }).end();
    else {
      const part = RECORDING.subarray(Number(cut[1]), Number(cut[2]) + 1);
      response.writeHead(206, { ...plain, "content-range": `bytes ${cut[1]}-${Number(cut[1]) + part.length - 1}/${RECORDING.length}`, "content-length": part.length }).end(part);
    }
    return true;
  };
  const ask = (headers) => operator.get(AUDIO, headers);
  for (let count = 1; count <= 2; count += 1) {
    const whole = await ask({});
    assertSecured(whole);
    assert.deepEqual([whole.status, whole.text, whole.headers["accept-ranges"], whole.headers["cache-control"]], [200, RECORDING.toString(), "bytes", "private, no-store"]);
    assert.equal(platform.requests.length, count, "asked for each time");
  }
  const part = await ask({ range: "bytes=0-3", "if-range": '"r1"' });
  assert.deepEqual([part.status, part.text, part.headers["content-range"]], [206, "RIFF", `bytes 0-3/${RECORDING.length}`]);
  assert.equal(platform.requests.at(-1).headers["if-range"], '"r1"');
  const beyond = await ask({ range: "bytes=9999-10000" });
  assert.deepEqual([beyond.status, beyond.headers["content-range"]], [416, `bytes */${RECORDING.length}`]);
  // Several ranges at once are the platform's to refuse.
  assert.equal((await ask({ range: "bytes=0-1,3-4" })).status, 416);
  assert.equal(platform.requests.at(-1).headers.range, "bytes=0-1,3-4");
  assert.equal((await ask({})).text, RECORDING.toString(), "the whole one after its parts");
});

test("T55 a platform that does not answer, and one that stops in the middle, have their time", async () => {
  platform.answer = undefined;
  platform.stream = () => true;
  assertRefused(await operator.get(AUDIO), 504, "upstream_timeout");
  platform.stream = (_, response) => {
    response.writeHead(200, { "content-type": "audio/wav", "content-length": 1_000_000 });
    response.write(Buffer.alloc(100_000));
    return true;
  };
  await assert.rejects(operator.get(AUDIO), "an answer that is not whole does not look whole");
});

test("T55 a caller who never finishes a body is told so, and the platform hears nothing of it", async () => {
  const { text, status } = await raw(world.edge.url, `POST ${LIST} HTTP/1.1\r\nHost: ${new URL(world.edge.url).host}\r\nCookie: ${operator.cookie}\r\n`
    + "X-Perch: 1\r\nContent-Type: application/json\r\nContent-Length: 50\r\nConnection: close\r\n\r\n{");
  assert.equal(status, 408, text);
  assert.match(text, /"code":"\w+"/);
  assert.deepEqual(platform.requests, []);
});
