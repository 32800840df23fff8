// Lists row by row and recordings in parts, in Node: from the simulated platform, through the worker, and
// from a platform that breaks off, changes its mind and writes what is no JSON.
import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { after, afterEach, before, test } from "node:test";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { Operator } from "../support/operator.mjs";
import { install } from "../support/package.mjs";
import { startPlatform } from "../support/platform.mjs";
import { until } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = { account_id: ACCOUNT, project_id: PROJECT };
const RECORDED = { agentId: "PROJECT-1", conversationId: "CA7" };
const WAV = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7) % 251);
const genuine = globalThis.fetch;

let package_;
let perch;
let world;
let odd;
before(async () => {
  [package_, world] = await Promise.all([install(), startWorld({ conversations: 230 })]);
  perch = await package_.import();
  odd = await startPlatform({ stream: (request, response, seen) => odd.reply?.(response, seen, odd.requests.length) ?? false });
});
after(async () => {
  await odd?.stop();
  await world?.stop();
  await package_?.remove();
});
afterEach(() => {
  globalThis.fetch = genuine;
});

function direct() {
  const { workspace, conversations } = world.keys.platform;
  return perch.Client.direct({ hosts: world.simulator.hosts, credentials: { workspace, conversations } });
}

/** A client of a platform that answers by `reply(response, request, number)`. */
function against(reply, more = {}) {
  odd.requests.length = 0;
  odd.reply = (...exchange) => {
    reply(...exchange);
    return true;
  };
  const credentials = { workspace: "canary-workspace", conversations: "canary-conversations" };
  return perch.Client.direct({ hosts: odd.hosts(), credentials, ...more });
}

/** Pages of a list, one after the other. */
const pages = (...bodies) => (response, _, number) => {
  response.writeHead(200, { "content-type": "application/json", "x-polyai-correlation-id": "c-7" });
  response.end(bodies[number - 1]);
};

async function collect(rows) {
  const all = [];
  for await (const row of rows) all.push(row);
  return all;
}

async function refused(work) {
  const error = await work.then(() => assert.fail("it was not refused"), (error) => error);
  assert.ok(error instanceof perch.PerchError, error.stack);
  assert.doesNotMatch(JSON.stringify(error) + error.message + String(error.cause), /canary-/);
  return error;
}

test("a long list, row by row, straight and through the worker", async () => {
  const client = direct();
  // Those that go on at the moment change from one look to the next.
  const end_time = new Date(Date.now() - 3_600_000);
  const expected = [];
  let cursor;
  do {
    const page = await client.call("conversations.v3.list", { path: LIST, query: { limit: 50, end_time, cursor } });
    expected.push(...page.conversations);
    ({ cursor } = page);
  } while (cursor);
  assert.ok(expected.length > 200, `${expected.length} rows`);
  const requests = await world.simulator.during(async () => {
    const rows = await collect(client.rows("conversations.v3.list", { path: LIST, query: { limit: 50, end_time } }));
    assert.deepEqual(rows, expected);
  });
  assert.equal(requests.length, Math.ceil(expected.length / 50));

  const { cookie } = await Operator.signIn(world.edge.url, world.keys.setup);
  globalThis.fetch = (request) => {
    request.headers.set("cookie", cookie);
    return genuine(request);
  };
  const edge = perch.Client.edge({ base: world.edge.url });
  const rows = await collect(edge.rows("conversations.v3.list", { path: LIST, query: { limit: 100, end_time } }));
  assert.deepEqual(rows, expected);
});

test("a row is there before the rest of its page is", async () => {
  let open;
  const client = against((response) => {
    open = response;
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"conversations":[{"id":"é"},{"id":"b"},{"i');
  });
  const rows = client.rows("conversations.v3.list", { path: LIST });
  assert.deepEqual([(await rows.next()).value, (await rows.next()).value], [{ id: "é" }, { id: "b" }]);
  open.end('d":9007199254740993}],"cursor":null}');
  assert.deepEqual([await rows.next(), await rows.next()], [{ value: { id: 9007199254740993n }, done: false }, { value: undefined, done: true }]);
});

test("what nobody reads on is not asked for any more", async () => {
  const client = against((response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"conversations":[{"id":"a"},{"id":"b"},');
  });
  for await (const { id } of client.rows("conversations.v3.list", { path: LIST })) {
    assert.equal(id, "a");
    break;
  }
  await until("the request is dropped", () => odd.requests[0].aborted);
  assert.equal(odd.requests.length, 1);

  const controller = new AbortController();
  const reason = new Error("the reason");
  const rows = client.rows("conversations.v3.list", { path: LIST, signal: controller.signal });
  await rows.next();
  await rows.next();
  const waiting = refused(rows.next());
  controller.abort(reason);
  const error = await waiting;
  assert.deepEqual([error.code, error.operation, error.cause], ["aborted", "conversations.v3.list", reason]);
  await until("the request is dropped", () => odd.requests[1].aborted);
  assert.equal((await refused(collect(client.rows("conversations.v3.list", { path: LIST, signal: AbortSignal.abort() })))).code, "aborted");
  assert.equal(odd.requests.length, 2);
});

test("rows that cannot be read are told, and no other is lost", async () => {
  const bad = '{"conversations":[{"id":1},{"id":tru},{"id":3},"\xff"],"cursor":"c1"}';
  const client = against(pages(Buffer.from(bad, "latin1"), '{"conversations":[4]}'));
  const skipped = [];
  const rows = await collect(client.rows("conversations.v3.list", { path: LIST, skipped: (error) => skipped.push(error) }));
  assert.deepEqual(rows, [{ id: 1 }, { id: 3 }, 4]);
  assert.deepEqual(skipped.map(({ code, message, operation }) => [code, message, operation]), [1, 3].map((row) => [
    "unreadable_row", `conversations.v3.list: row ${row} of the page is no JSON`, "conversations.v3.list",
  ]));
  const strict = against(pages(Buffer.from(bad, "latin1"))).rows("conversations.v3.list", { path: LIST });
  assert.deepEqual((await strict.next()).value, { id: 1 });
  assert.equal((await refused(strict.next())).code, "unreadable_row");
  assert.deepEqual(await strict.next(), { value: undefined, done: true });
});

test("a list ends where it would never end, breaks off, or is refused", async () => {
  const list = (client) => client.rows("conversations.v3.list", { path: LIST });
  const round = list(against(pages('{"conversations":[1],"cursor":"c"}', '{"conversations":[2],"cursor":"c"}')));
  assert.deepEqual([(await round.next()).value, (await round.next()).value], [1, 2]);
  assert.equal((await refused(round.next())).code, "repeated_cursor");
  const cut = list(against(pages('{"conversations":[1,2')));
  assert.equal((await cut.next()).value, 1);
  const { code, retry, correlationId } = await refused(cut.next());
  assert.deepEqual([code, retry, correlationId], ["incomplete_answer", "later", "c-7"]);
  const body = '{"error_code":"FORBIDDEN","message":"no permission"}';
  const denied = await refused(collect(list(against((response) => response.writeHead(403).end(body)))));
  assert.deepEqual([denied.status, denied.code], [403, "FORBIDDEN"]);
});

test("what is no list and no recording is not sent", async () => {
  const client = against((response) => response.end("{}"));
  for (const work of [
    collect(client.rows("conversations.get", { path: RECORDED })),
    collect(client.rows("conversations.v3.list", { path: LIST, query: { size: 3 } })),
    client.recording("agents.audio_cache.synthesize", { path: { agentId: "a", entryId: "b" } }),
    client.recording("conversations.audio", { path: RECORDED, range: { last: 0 } }),
    client.recording("conversations.audio", { path: RECORDED, range: { from: 1.5 } }),
    client.recording("conversations.audio", { path: { ...RECORDED, conversationId: "../x" } }),
  ]) {
    assert.equal((await refused(work)).code, "invalid_input");
  }
  assert.equal(odd.requests.length, 0);
});

/** A server of one recording, that breaks off after so many bytes as long as there are such. */
const recorded = (cuts = [], etag = () => '"r1"') => (response, { headers }, number) => {
  const [, first, to] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? "") ?? [];
  const from = first === "" ? String(WAV.length - Number(to)) : first;
  const part = from === undefined ? WAV : WAV.subarray(Number(from), first && to ? Number(to) + 1 : undefined);
  const own = { "content-type": "audio/wav", "content-length": part.length, etag: etag(number) };
  if (from === undefined) response.writeHead(200, own);
  else response.writeHead(206, { ...own, "content-range": `bytes ${from}-${Number(from) + part.length - 1}/${WAV.length}` });
  const cut = cuts.shift();
  if (cut === undefined) response.end(part);
  else response.write(part.subarray(0, cut), () => setImmediate(() => response.destroy()));
};

test("a recording of the simulated platform arrives in parts", async () => {
  const client = direct();
  let found;
  for await (const { id, channel } of client.rows("conversations.v3.list", { path: LIST, query: { limit: 100 } })) {
    if (!/VOICE|SIP/i.test(channel ?? "")) continue;
    const path = { agentId: PROJECT, conversationId: id };
    const whole = await client.call("conversations.audio", { path }).catch(() => undefined);
    if (whole) {
      found = { path, whole };
      break;
    }
  }
  assert.ok(found, "there is a call with a recording");
  const { path, whole } = found;
  const recording = await client.recording("conversations.audio", { path });
  assert.match(recording.contentType, /^audio\/wav/);
  assert.deepEqual(await recording.bytes(), whole);
  assert.equal(recording.taken, whole.length);
  const part = await client.recording("conversations.audio", { path, range: { from: 10, to: 19 } });
  assert.deepEqual(await part.bytes(), whole.subarray(10, 20));
});

test("a recording goes on where its connection broke, as often as it must", async () => {
  const client = against(recorded([100_000, 50_000]));
  const recording = await client.recording("conversations.audio", { path: RECORDED });
  assert.deepEqual([recording.contentType, recording.total, recording.taken], ["audio/wav", WAV.length, 0]);
  const pieces = [];
  for await (const piece of recording) {
    assert.ok(piece instanceof Uint8Array && piece.length > 0);
    pieces.push(piece);
  }
  assert.ok(Buffer.concat(pieces).equals(WAV) && pieces.length >= 3);
  assert.equal(recording.taken, WAV.length);
  const asked = odd.requests.map(({ headers }) => [headers.range, headers["if-range"]]);
  assert.equal(asked.length, 3);
  assert.deepEqual(asked[0], [undefined, undefined]);
  for (const [range, mark] of asked.slice(1)) assert.ok(/^bytes=[1-9]\d*-299999$/.test(range) && mark === '"r1"', range);

  const changed = await against(recorded([1000], (number) => `"r${number}"`)).recording("conversations.audio", { path: RECORDED });
  const error = await refused(changed.bytes());
  assert.deepEqual([error.code, error.remedy], ["unusable_range", "Begin the download again."]);
  const fragile = await against(recorded([1000])).recording("conversations.audio", { path: RECORDED, resumes: 0 });
  assert.equal((await refused(fragile.bytes())).code, "connection_failed");
});

test("what was taken before can be gone on with later", async () => {
  const client = against(recorded());
  const controller = new AbortController();
  const first = await client.recording("conversations.audio", { path: RECORDED, signal: controller.signal });
  const pieces = first[Symbol.asyncIterator]();
  const kept = [(await pieces.next()).value];
  controller.abort();
  await refused(pieces.next());
  const { from, total } = { from: first.taken, total: first.total };
  assert.ok(from > 0 && from < total);
  const rest = await client.recording("conversations.audio", { path: RECORDED, range: { from } });
  assert.equal(rest.total, total);
  assert.ok(Buffer.concat([...kept, await rest.bytes()]).equals(WAV));
});

test("a recording is a stream for whoever wants one, and ends when it is let go", async () => {
  const client = against(recorded());
  const recording = await client.recording("conversations.audio", { path: RECORDED });
  assert.ok(Buffer.from(await new Response(recording.stream()).arrayBuffer()).equals(WAV));
  assert.equal((await refused(recording.bytes())).code, "invalid_input");
  const last = await client.recording("conversations.audio", { path: RECORDED, range: { last: 3 } });
  assert.deepEqual(await buffer(last.stream()), Buffer.from(WAV.subarray(-3)));

  const endless = against((response) => {
    response.writeHead(200, { "content-type": "audio/wav" });
    response.write("x".repeat(1000));
  });
  const held = await endless.recording("conversations.audio", { path: RECORDED });
  assert.equal(held.total, undefined);
  const reader = held.stream().getReader();
  assert.equal((await reader.read()).value.length, 1000);
  const silent = reader.read();
  await reader.cancel();
  assert.deepEqual(await silent, { value: undefined, done: true });
  await until("the request is dropped", () => odd.requests[0].aborted);
  (await endless.recording("conversations.audio", { path: RECORDED })).close();
  await until("the request is dropped", () => odd.requests[1].aborted);
  const large = await endless.recording("conversations.audio", { path: RECORDED, limit: 999 });
  assert.equal((await refused(large.bytes())).code, "unusable_range");
  const quiet = await endless.recording("conversations.audio", { path: RECORDED, timeout: 100, resumes: 0 });
  assert.equal((await refused(quiet.bytes())).code, "timeout");
});
