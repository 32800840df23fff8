// Calls in Node: straight to the simulated platform, through the worker, and to a platform that breaks every rule.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { Operator } from "../support/operator.mjs";
import { install } from "../support/package.mjs";
import { startPlatform } from "../support/platform.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = { account_id: ACCOUNT, project_id: PROJECT };
/** What must not be repeated blindly. */
const WRITE = "alerts.rules.create";
const RULE = { body: { name: "Slow", metric: "turn_latency_p95", operator: ">=", threshold_value: 1500, window_duration: "5m" } };
const genuine = globalThis.fetch;

let package_;
let perch;
let world;
let odd;
let asked;
before(async () => {
  [package_, world] = await Promise.all([install(), startWorld({ conversations: 120 })]);
  perch = await package_.import();
  odd = await startPlatform({
    answer(request, response, body) {
      asked.push({ method: request.method, url: request.url, headers: request.headers, body });
      return odd.reply?.(response, asked.length);
    },
  });
});
after(async () => {
  await odd?.stop();
  await world?.stop();
  await package_?.remove();
});
afterEach(async () => {
  globalThis.fetch = genuine;
  await world.simulator.clearFaults();
});

/** A client of the simulator. */
function direct(more = {}) {
  const { platform } = world.keys;
  const credentials = {
    workspace: platform.workspace,
    conversations: platform.conversations,
    chat: { key: platform.chat, token: platform.chat_connector },
  };
  return perch.Client.direct({ hosts: world.simulator.hosts, credentials, ...more });
}

/** A client of a platform that answers by `reply(response, number)`. */
function against(reply, more = {}) {
  asked = [];
  odd.reply = (response, number) => {
    reply(response, number);
    return true;
  };
  const credentials = { workspace: "canary-workspace", conversations: "canary-conversations", externalEvents: "canary-events" };
  return perch.Client.direct({ hosts: odd.hosts(), credentials, ...more });
}

/** Answers with JSON; true, as whoever takes a request says. */
function json(response, status, value, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof value === "string" ? value : JSON.stringify(value));
  return true;
}

async function refused(work) {
  const error = await work.then(() => assert.fail("it was not refused"), (error) => error);
  assert.ok(error instanceof perch.PerchError, error.stack);
  assert.ok(error instanceof Error && error.name === "PerchError" && error.stack.includes("PerchError"));
  for (const [field, kind] of Object.entries({ code: "string", remedy: "string", retry: "string", message: "string" })) {
    assert.equal(typeof error[field], kind, field);
  }
  assert.doesNotMatch(JSON.stringify(error) + error.message + String(error.cause), /canary-/);
  return error;
}

test("straight to the platform: a list, a conversation, a chat", async () => {
  const client = direct();
  const page = await client.call("conversations.v3.list", { path: LIST, query: { limit: 5, client_env: "live" } });
  assert.equal(page.conversations.length, 5);
  const [{ id }] = page.conversations;
  const whole = await client.call("conversations.get", { path: { agentId: PROJECT, conversationId: id } });
  assert.equal(whole.conversationId, id);
  const path = { version: "v1", ...LIST };
  const begun = await client.call("chat.create", { path });
  assert.match(begun.response, /Juno/);
  const body = { conversation_id: begun.conversation_id, message: "What is your return policy?" };
  assert.match((await client.call("chat.respond", { path, body })).response, /60 days/);
  assert.deepEqual(await client.call("chat.close", { path, body: { conversation_id: begun.conversation_id } }), { success: true });
});

test("through the worker, with a session and without any key", async () => {
  const { cookie } = await Operator.signIn(world.edge.url, world.keys.setup);
  // A page's browser does this by itself.
  globalThis.fetch = (request) => {
    request.headers.set("cookie", cookie);
    return genuine(request);
  };
  const client = perch.Client.edge({ base: `${world.edge.url}/` });
  const page = await client.call("conversations.v3.list", { path: LIST, query: { limit: 3 } });
  assert.equal(page.conversations.length, 3);
  const error = await refused(client.call("chat.create", { path: { version: "v1", ...LIST } }));
  assert.equal(error.status, 404, "nobody's operation is none for the worker");
  globalThis.fetch = genuine;
  const stranger = await refused(client.call("conversations.v3.list", { path: LIST }));
  assert.deepEqual([stranger.status, stranger.code, stranger.retry], [401, "not_signed_in", "never"]);
  assert.ok(stranger.correlationId && stranger.detail);
});

test("a caller may name an exchange, on either way", async () => {
  const client = against((response) => json(response, 404, {}), { attempts: 1 });
  const path = { agentId: "A", conversationId: "CA1" };
  const correlationId = "page-7f3a:1";
  const direct = await refused(client.call("conversations.get", { path, correlationId }));
  const edge = perch.Client.edge({ base: odd.url, attempts: 1 });
  const through = await refused(edge.call("conversations.get", { path, correlationId }));
  await refused(edge.call("conversations.get", { path }));
  assert.deepEqual([direct.correlationId, through.correlationId], [correlationId, correlationId]);
  const sent = asked.map(({ headers }) => headers["x-polyai-correlation-id"]);
  assert.deepEqual(sent, [correlationId, correlationId, undefined], "without one, the worker makes it");
  const unlawful = await refused(edge.call("conversations.get", { path, correlationId: "two words" }));
  assert.deepEqual([unlawful.code, asked.length], ["invalid_input", 3]);
});

test("errors keep what a caller needs, and nothing more", async () => {
  const body = { success: false, error: "Gone", error_code: "CONVERSATIONS_NOT_FOUND", error_message: "No such thing", data: "canary-body" };
  const client = against((response) => json(response, 404, body, { "x-polyai-correlation-id": "c-7" }));
  const path = { agentId: "A", conversationId: "CA1" };
  const error = await refused(client.call("conversations.get", { path }));
  const { code, status, retry, correlationId, operation, detail } = error;
  assert.deepEqual({ code, status, retry, correlationId, operation, detail }, {
    code: "CONVERSATIONS_NOT_FOUND", status: 404, retry: "never", correlationId: "c-7", operation: "conversations.get", detail: "No such thing",
  });
  assert.match(error.remedy, /Check the id/);
  assert.equal(asked.length, 1);

  const gateway = against((response) => json(response, 200, "<html>canary-page", { "x-polyai-correlation-id": "c-8" }));
  const unreadable = await refused(gateway.call("conversations.get", { path }));
  assert.deepEqual([unreadable.code, unreadable.status, unreadable.correlationId], ["unreadable_answer", 200, "c-8"]);
});

test("what is wrong from the start is not sent", async () => {
  const client = against((response) => json(response, 200, {}));
  const conversation = { agentId: "A", conversationId: "CA1" };
  for (const [id, input] of [
    ["conversations.v9.list", {}],
    ["conversations.get", { path: { agentId: "A" } }],
    ["conversations.get", { path: { agentId: "A", conversationId: "../x" } }],
    ["conversations.get", { path: { ...conversation, more: "1" } }],
    ["conversations.v3.list", { path: LIST, query: { size: 3 } }],
    ["conversations.get", { path: conversation, body: { a: 1 } }],
    ["agents.create", { path: { accountId: "ws-1" }, body: {} }],
  ]) {
    const error = await refused(client.call(id, input));
    assert.deepEqual([error.code, error.retry, error.operation], ["invalid_input", "never", id === "conversations.v9.list" ? "call" : id], id);
  }
  const note = { path: conversation, body: { annotations: [{ turnId: "t", role: "user", annotationType: "x" }, { turnId: "t", role: "user" }] } };
  const nested = await refused(client.call("data.annotations.add", note));
  assert.match(nested.message, /annotations\[1\]\.annotationType is missing/);
  assert.equal(nested.remedy, "Give it a value.");
  const keyless = await refused(client.call("chat.create", { path: { version: "v1", ...LIST } }));
  assert.equal(keyless.code, "credential_missing");
  assert.deepEqual(asked, []);
  await refused(perch.Client.direct({ region: "mars", credentials: {} }).call("agents.list"));
});

test("a call is called off: before, during, and not after", async () => {
  const waiting = [];
  const client = against((response) => void waiting.push(response));
  const path = { agentId: "A", conversationId: "CA1" };
  const gone = new Error("the reason");
  const before = await refused(client.call("conversations.get", { path, signal: AbortSignal.abort(gone) }));
  assert.deepEqual([before.code, before.cause], ["aborted", gone]);

  const controller = new AbortController();
  const call = refused(client.call("conversations.get", { path, signal: controller.signal }));
  while (waiting.length === 0) await new Promise(setImmediate);
  const closed = new Promise((done) => waiting[0].once("close", done));
  controller.abort(gone);
  assert.deepEqual([(await call).code, (await call).operation], ["aborted", "conversations.get"]);
  // The request itself was dropped, not only forgotten.
  await closed;

  odd.reply = (response) => json(response, 200, { conversationId: "CA1" });
  const late = new AbortController();
  assert.deepEqual(await client.call("conversations.get", { path, signal: late.signal }), { conversationId: "CA1" });
  late.abort();
});

test("time runs out for a call as a whole", async () => {
  const client = against(() => {}, { attempts: 1 });
  const error = await refused(client.call("conversations.get", { path: { agentId: "A", conversationId: "CA1" }, timeout: 150 }));
  assert.deepEqual([error.code, error.retry, error.status], ["timeout", "later", undefined]);
  const write = await refused(client.call(WRITE, { ...RULE, timeout: 150 }));
  assert.deepEqual([write.code, write.retry], ["timeout", "if-harmless"]);
});

test("what may be repeated is, and what may have acted is not", async () => {
  const client = against((response, number) => (number < 3 ? json(response, 503, {}) : json(response, 200, { conversationId: "CA1" })));
  assert.deepEqual(await client.call("conversations.get", { path: { agentId: "A", conversationId: "CA1" } }), { conversationId: "CA1" });
  assert.equal(asked.length, 3);
  const broken = against((response) => json(response, 500, {}));
  const error = await refused(broken.call(WRITE, RULE));
  assert.deepEqual([error.status, error.code, error.retry, asked.length], [500, "status_500", "if-harmless", 1]);
  const limited = against((response) => json(response, 429, {}, { "retry-after": "99" }));
  const pause = await refused(limited.call("conversations.get", { path: { agentId: "A", conversationId: "CA1" } }));
  assert.deepEqual([pause.status, pause.retry, pause.retryAfterMs, asked.length], [429, "later", 99_000, 1]);
});

test("parameters and bodies go out as they should", async () => {
  const client = against((response) => json(response, 200, ""));
  const when = new Date("2026-09-01T10:00:00Z");
  await client.call("conversations.v3.list", { path: LIST, query: { channel: ["WEBCHAT", "SMS"], start_time: when, limit: null, in_progress: false } });
  assert.equal(asked.at(-1).url, `/v3/${ACCOUNT}/${PROJECT}/conversations?channel=WEBCHAT&channel=SMS&start_time=2026-09-01T10%3A00%3A00.000Z&in_progress=false`);
  assert.equal(asked.at(-1).headers["x-api-key"], "canary-conversations");

  const query = { ...LIST, event_id_location: "payload", event_id_path: "cid" };
  for (const [body, kind, text] of [
    [{ cid: "1", n: 2n ** 63n }, "application/json", '{"cid":"1","n":9223372036854775808}'],
    [new URLSearchParams({ cid: "a b&c" }), "application/x-www-form-urlencoded", "cid=a%20b%26c"],
    [new Blob(["<cid>1</cid>"], { type: "application/xml" }), "application/xml", "<cid>1</cid>"],
    ["cid=1", "text/plain", "cid=1"],
  ]) {
    await client.call("external_events.webhook", { query, body });
    assert.deepEqual([asked.at(-1).headers["content-type"], asked.at(-1).body], [kind, text]);
  }
});

test("recordings go in and out as bytes, alone and in forms", async () => {
  const wav = new Uint8Array([82, 73, 70, 70, 0, 255]);
  const client = against((response) => {
    response.writeHead(200, { "content-type": "audio/wav" });
    response.end(wav);
  });
  const sound = await client.call("conversations.audio", { path: { agentId: "A", conversationId: "CA1" }, query: { direction: "user" } });
  assert.deepEqual(sound, wav);
  const rows = await perch.operations();
  const upload = rows.find(({ sends, method }) => sends === "audio/wav" && method !== "GET");
  const path = Object.fromEntries([...upload.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, "x1"]));
  odd.reply = (response) => json(response, 200, {});
  await client.call(upload.id, { path, body: new File([wav], "hello.wav", { type: "audio/x-wav" }) });
  assert.deepEqual([asked.at(-1).headers["content-type"], asked.at(-1).headers["x-filename"]], ["audio/wav", "hello.wav"]);

  const form = rows.find(({ sends }) => sends === "multipart/form-data");
  const body = new FormData();
  body.append("file", new File([wav], "hello.wav", { type: "audio/wav" }));
  body.append("settings", new Blob(['{"text":"Hello"}']));
  const places = Object.fromEntries([...form.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, "x1"]));
  await client.call(form.id, { path: places, body });
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(asked.at(-1).headers["content-type"])[1];
  assert.equal(asked.at(-1).body.split(`--${boundary}`).length, 4);
  assert.match(asked.at(-1).body, /name="settings"[^]*\{"text":"Hello"\}/);
});

test("numbers that a double cannot hold stay exact", async () => {
  const text = '{"small":9007199254740991,"big":9007199254740993,"deep":[-18446744073709551615],"real":0.1234567890123456789,"text":"9007199254740993"}';
  const client = against((response) => json(response, 200, text));
  const answer = await client.call("conversations.get", { path: { agentId: "A", conversationId: "CA1" } });
  assert.deepEqual(answer, {
    small: 9007199254740991, big: 9007199254740993n, deep: [-18446744073709551615n], real: 0.12345678901234568, text: "9007199254740993",
  });
});

test("the table is all there", async () => {
  const rows = await perch.operations();
  assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
  assert.ok(rows.length >= 98);
  const list = rows.find(({ id }) => id === "conversations.v3.list");
  assert.deepEqual([list.method, list.host, list.safety, list.audience, list.answers], ["GET", "platform", "read", "viewer", "application/json"]);
});
