// Chats in Node: through the worker, with the simulated agent at the other end.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { SHOP } from "../support/edge.mjs";
import { install } from "../support/package.mjs";
import { until } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const RETURNS = /60 days[^]*working days/;
const genuine = { fetch: globalThis.fetch, WebSocket: globalThis.WebSocket };

let package_;
let perch;
let world;
const open = [];
before(async () => {
  [package_, world] = await Promise.all([install(), startWorld()]);
  perch = await package_.import();
  pretend(SHOP);
});
after(async () => {
  Object.assign(globalThis, genuine);
  await world?.stop();
  await package_?.remove();
});
afterEach(async () => {
  for (const chat of open.splice(0)) chat.close();
  await world.simulator.clearFaults();
});

/** The worker looks at the origin, which browsers send by themselves. */
function pretend(origin) {
  globalThis.fetch = (request, ...more) => {
    // The package hands over whole requests; the test's own switches do not.
    if (request instanceof Request) request.headers.set("origin", origin);
    return genuine.fetch(request, ...more);
  };
  globalThis.WebSocket = class extends genuine.WebSocket {
    constructor(url) {
      super(url, { headers: { origin } });
    }
  };
}

async function begin(more = {}) {
  const chat = await perch.Chat.open({ edge: world.edge.url, site: "shop", ...more });
  open.push(chat);
  return chat;
}

const texts = (chat) => chat.transcript.map(({ author, text }) => `${author}: ${text}`);

/** Waits for a finished entry. */
const said = (chat, author, pattern) =>
  until(`${author} says ${pattern}, got ${texts(chat)}`, () =>
    chat.transcript.find((entry) => entry.author === author && !entry.streaming && pattern.test(entry.text)));

test("a visitor is greeted, asks, sees the answer grow, and ends the chat", async () => {
  const chat = await begin();
  assert.deepEqual([chat.site.title, chat.site.agentName, chat.resumed], ["Fernhill Outfitters", "Juno", false]);
  await said(chat, "agent", /Juno/);
  const lengths = new Set();
  const stop = chat.on("change", ({ transcript }) => {
    const last = transcript.at(-1);
    if (last.author === "agent" && last.streaming) lengths.add(last.text.length);
  });
  const messages = [];
  chat.on("message", (entry) => messages.push(entry));
  assert.equal(chat.typing(), true);
  assert.equal(chat.send("What is your return policy?"), true);
  const answer = await said(chat, "agent", RETURNS);
  assert.ok(lengths.size >= 3, `${lengths.size} states were seen`);
  await until("it was announced", () => messages.some(({ key, text }) => key === answer.key && text === answer.text));
  await until("it was delivered", () => chat.transcript.find(({ author }) => author === "visitor").delivery === "sent");
  assert.deepEqual(chat.outbox, []);
  stop();
  const ended = new Promise((done) => chat.on("ended", done));
  assert.equal(chat.end(), true);
  assert.equal(await ended, "visitor");
  assert.deepEqual([chat.status.connection, chat.status.ended], ["ended", "visitor"]);
  await until("nothing more can be said", () => chat.send("hello?") === false);
});

test("a later page takes the chat up again, with everything said in it", async () => {
  const first = await begin();
  await said(first, "agent", /Juno/);
  first.send("What is your return policy?");
  await said(first, "agent", RETURNS);
  const before = texts(first);
  const { resume, session } = first;
  first.close();
  assert.equal(first.send("into the void"), false);
  const second = await begin({ resume });
  assert.deepEqual([second.resumed, second.session], [true, session]);
  await until("the history is back", () => second.transcript.length === before.length);
  assert.deepEqual(texts(second), before);
});

test("a connection cut in the middle of an answer: it completes, once", async () => {
  const chat = await begin();
  await said(chat, "agent", /Juno/);
  const connections = [];
  chat.on("status", ({ connection }) => connections.push(connection));
  await world.simulator.faults({ drop_mid_chunk: 1 });
  chat.send("What is your return policy?");
  await said(chat, "agent", RETURNS);
  assert.ok(connections.includes("waiting"), `${connections}`);
  assert.deepEqual([...new Set(texts(chat))], texts(chat), "nothing stands there twice");
});

test("doubled and reordered events still make one transcript", async () => {
  await world.simulator.faults({ duplicate_events: true, reorder_events: true });
  const chat = await begin();
  await said(chat, "agent", /Juno/);
  chat.send("What is your return policy?");
  await said(chat, "agent", RETURNS);
  assert.deepEqual([...new Set(texts(chat))], texts(chat));
});

test("the queue and the person in it are told of", async () => {
  const chat = await begin();
  const places = [];
  chat.on("status", ({ handoff }) => handoff?.position && places.push(handoff.position));
  await said(chat, "agent", /Juno/);
  chat.send("I want to talk to a person");
  await until("a person is there", () => chat.status.agent?.kind === "live_agent");
  assert.deepEqual([...new Set(places)], [2, 1]);
  assert.deepEqual([chat.status.agent.name, chat.status.handoff.state], ["Imre", "live"]);
});

test("a site that is not there, and a page that may not", async () => {
  const refused = (work) => work.then(() => assert.fail("it was not refused"), (error) => error);
  const unknown = await refused(begin({ site: "nowhere" }));
  assert.ok(unknown instanceof perch.PerchError);
  assert.ok(unknown.status >= 400 && unknown.code && unknown.remedy && unknown.correlationId, JSON.stringify(unknown));
  pretend("https://elsewhere.example");
  const foreign = await refused(begin());
  assert.deepEqual([foreign.status, foreign.code], [403, "origin_not_allowed"]);
  pretend(SHOP);
  const reason = new Error("changed my mind");
  const early = await refused(begin({ signal: AbortSignal.abort(reason) }));
  assert.deepEqual([early.code, early.cause], ["aborted", reason]);
});

test("a listener that throws is heard of and breaks nothing", async () => {
  const chat = await begin();
  const { queueMicrotask } = globalThis;
  const uncaught = [];
  globalThis.queueMicrotask = (work) => queueMicrotask(() => {
    try {
      work();
    } catch (error) {
      uncaught.push(error.message);
    }
  });
  try {
    const off = chat.on("change", () => {
      off();
      throw new Error("from a listener");
    });
    await said(chat, "agent", /Juno/);
  } finally {
    globalThis.queueMicrotask = queueMicrotask;
  }
  assert.deepEqual(uncaught, ["from a listener"]);
});
