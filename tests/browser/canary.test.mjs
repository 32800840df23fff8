// Every configured key is a unique marker. After a chat and a look at it in the console, no marker may be
// found in anything that left the worker, in any file that is shipped, or anywhere in the browser.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { launch, openContext } from "../support/browser.mjs";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { call } from "../support/http.mjs";
import { Scanner } from "../support/markers.mjs";
import { root } from "../support/paths.mjs";
import { heapOf, memoriesOf, record, storageOf } from "../support/recorder.mjs";
import { endChat, RETURNS, rows, search, turnOf, WORD } from "../support/stage.mjs";
import { startTap } from "../support/tap.mjs";
import { until } from "../support/wait.mjs";
import { Visitor } from "../support/visitor.mjs";
import { Widget } from "../support/widget.mjs";
import { startWorld } from "../support/world.mjs";

/** What every access token of the platform begins with. */
const TOKEN_START = `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url")}.`;

let tap;
let world;
let browser;
let scanner;
let context;
let recorder;
let shopPage;
let consolePage;
before(async () => {
  const hosts = async ({ messaging }) => {
    tap = await startTap(messaging);
    return { messaging: tap.url };
  };
  world = await startWorld({ demo: true, conversations: 300, platform: { hosts } });
  const { platform, root: rootKey, setup } = world.keys;
  scanner = new Scanner({ ...platform, root: rootKey, setup, "token start": TOKEN_START });
  browser = await launch();
  ({ context } = await openContext(browser));
  recorder = await record(context, scanner);
});
after(async () => {
  await browser?.close();
  await world?.stop();
  await tap?.stop();
});

/** All files below a folder. */
async function files(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const clean = () => assert.deepEqual([...new Set(scanner.found)], []);
const looked = (place, least) =>
  assert.ok((scanner.seen.get(place) ?? 0) >= least, `${place}: only ${scanner.seen.get(place)} bytes were looked through`);

test("T30 the scanner finds a secret in every spelling, and nothing where there is none", () => {
  const secret = "canary-self-check-0123456789abcdef";
  const bytes = Buffer.from(secret);
  const plain = {
    raw: `x${secret}y`,
    "in JSON": JSON.stringify({ a: [secret] }),
    base64: Buffer.from(`Bearer ${secret}!`).toString("base64"),
    "base64 shifted": Buffer.from(`Bearer: ${secret}`).toString("base64"),
    "base64 shifted twice": Buffer.from(`Bearer:: ${secret}`).toString("base64"),
    base64url: Buffer.from(`${secret}??>>`).toString("base64url"),
    hex: bytes.toString("hex"),
    "upper hex": bytes.toString("hex").toUpperCase(),
    reversed: [...secret].reverse().join(""),
    "URL-encoded": encodeURIComponent(secret),
    "percent-encoded": [...bytes].map((byte) => `%${byte.toString(16)}`).join(""),
    "UTF-16": Buffer.from(secret, "utf16le"),
  };
  for (const [form, text] of Object.entries(plain)) {
    const own = new Scanner({ secret });
    own.look("here", text);
    assert.ok(own.found.length > 0, form);
  }
  const own = new Scanner({ secret });
  own.look("here", "canary-self-check-0123456789abcdeg and nothing else");
  assert.deepEqual(own.found, []);
});

test("the recorder sees what a page holds in its heap, its wasm memory, its storage and its log", async () => {
  const secret = `planted-${"9f".repeat(12)}`;
  const own = new Scanner({ secret });
  const foreign = await browser.newContext();
  const watched = await record(foreign, own);
  const page = await watched.page();
  await page.goto(`${world.edge.demo}/`);
  await page.evaluate(async (parts) => {
    globalThis.kept = { deep: [parts.join("")] };
    localStorage.setItem("kept", globalThis.kept.deep[0]);
    console.log(globalThis.kept.deep[0]);
    // The smallest module that exports a memory.
    const module = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1, 7, 5, 1, 1, 109, 2, 0]);
    const { instance } = await WebAssembly.instantiate(module);
    new Uint8Array(instance.exports.m.buffer).set(new TextEncoder().encode(globalThis.kept.deep[0]), 999);
  }, [secret.slice(0, 9), secret.slice(9)]);
  own.look("heap", await heapOf(page));
  for (const memory of await memoriesOf(page)) own.look("wasm memory", memory);
  own.look("storage", await storageOf(page));
  const places = new Set(own.found.map((line) => line.replace(/.* in /, "")));
  assert.deepEqual([...places].sort(), ["console", "heap", "storage", "wasm memory"]);
  await foreign.close();
});

test("T30 a visitor chats, with everything received looked through", async () => {
  shopPage = await recorder.page();
  await shopPage.goto(`${world.edge.demo}/`);
  const chat = new Widget(shopPage);
  await chat.open();
  await chat.said("agent", /Juno/);
  await chat.say(`How do I return a ${WORD} hat?`);
  await chat.said("agent", RETURNS);
  await chat.say("Can you recommend a jacket?");
  await chat.cards.first().waitFor();
  await world.simulator.dropSockets();
  await chat.banner.waitFor();
  await chat.banner.waitFor({ state: "hidden" });
  await shopPage.reload();
  await chat.said("agent", RETURNS);
  await recorder.settled();
  looked("response bodies", 300_000);
  looked("response headers", 2_000);
  looked("socket frames received", 5_000);
  assert.ok(tap.tokens.size > 0, "the platform minted a token");
  clean();
});

test("T35 no token of the platform is in the visitor's page: heap, wasm memory, storage", async () => {
  for (const [at, token] of [...tap.tokens].entries()) {
    assert.ok(token.startsWith(TOKEN_START));
    scanner.add(`access token ${at}`, token);
    scanner.add(`signature ${at}`, token.split(".")[2]);
  }
  scanner.look("heap of the shop", await heapOf(shopPage));
  const memories = await memoriesOf(shopPage);
  assert.equal(memories.length, 1, "the widget's memory was caught");
  assert.ok(memories[0].includes(WORD), "and holds the conversation");
  for (const memory of memories) scanner.look("wasm memory of the shop", memory);
  scanner.look("storage of the shop", await storageOf(shopPage));
  scanner.look("cookies", JSON.stringify(await context.cookies()));
  looked("heap of the shop", 1_000_000);
  looked("storage of the shop", 100);
  clean();
});

test("T30 an operator reads it, with everything received looked through", async () => {
  await endChat(new Widget(shopPage));
  consolePage = await recorder.page();
  await consolePage.goto(`${world.edge.url}/console/#setup=${world.keys.setup}`);
  await rows(consolePage).first().waitFor();
  await search(consolePage, WORD);
  await until("exactly one row is left", async () => (await rows(consolePage).count()) === 1);
  await rows(consolePage).first().click();
  await turnOf(consolePage, WORD).waitFor();
  await recorder.settled();
  scanner.look("address of the console", consolePage.url());
  scanner.look("storage of the console", await storageOf(consolePage));
  scanner.look("cookies", JSON.stringify(await context.cookies()));
  looked("cookies", 100);
  clean();
});

test("T36 no key is in the console's page: heap, wasm memory", async () => {
  // The operator's own link brought the setup token here; it is spent. Everything else must be absent.
  const { setup, ...others } = { ...world.keys.platform, root: world.keys.root, setup: world.keys.setup };
  assert.ok(setup);
  const own = new Scanner({ ...others, "token start": TOKEN_START });
  own.look("heap", await heapOf(consolePage));
  const memories = await memoriesOf(consolePage);
  assert.equal(memories.length, 1, "the console's memory was caught");
  for (const memory of memories) own.look("wasm memory", memory);
  assert.ok(own.seen.get("heap") > 1_000_000);
  assert.deepEqual(own.found, []);
});

test("T30 answers to plain requests of every kind hold no marker", async () => {
  const { url } = world.edge;
  const visitor = await Visitor.open(url, { origin: world.edge.origin });
  const cookie = (await context.cookies(url)).map(({ name, value }) => `${name}=${value}`).join("; ");
  const list = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
  const operator = (path, method = "GET") => call(url, method, path, { headers: { cookie, "x-perch": "1" } });
  const answers = [
    await visitor.post("/visitor/chat/create", {}), await visitor.post("/visitor/chat/respond", { message: "returns?" }),
    await visitor.post("/visitor/chat/close", {}), await visitor.post("/visitor/ticket", {}),
    await visitor.post("/visitor/ticket", {}, {}), await operator(list), await operator(`${list}?limit=0`),
    await operator(`${list}?cursor=x`), await operator("/api/build/v1/agents/x/conversations/y"),
    await operator(`/api/build/v1/agents/${PROJECT}/conversations/none`), await operator("/operator/session"),
    await operator("/api/messaging/api/v1/access-token", "POST"), await operator("/nowhere"), await operator("/health"),
  ];
  for (const fault of [{ error: { status: 401, every: 1 } }, { error: { status: 500, every: 1 } }, { rate_limit: { every: 1 } }]) {
    await world.simulator.faults(fault);
    answers.push(await operator(list), await visitor.post("/visitor/session", { site: "shop" }, {}),
      await visitor.post("/visitor/chat/create", {}));
  }
  await world.simulator.clearFaults();
  for (const { text, headers } of answers) scanner.look("plain answers", text + JSON.stringify(headers));
  assert.ok(answers.some(({ status }) => status === 200) && answers.some(({ status }) => status >= 500));
  clean();
});

test("T36 T33 no shipped file and no log line holds a marker", async () => {
  for (const folder of ["dist", "edge-worker/build"]) {
    for (const file of await files(resolve(root, folder))) scanner.look(folder, await readFile(file));
  }
  looked("dist", 500_000);
  looked("edge-worker/build", 300_000);
  scanner.look("the worker's log", world.edge.output());
  looked("the worker's log", 10);
  clean();
});

test("the worker's own storage holds neither a session's token nor a configured key", async () => {
  const tokens = Object.fromEntries([...tap.tokens].map((token, at) => [`token ${at}`, token]));
  const scanner = new Scanner({ ...tokens, ...world.keys.platform, root: world.keys.root, setup: world.keys.setup });
  let read = "";
  for (const file of await files(world.edge.state)) {
    const bytes = await readFile(file);
    scanner.look("state", bytes);
    read += bytes.toString("latin1");
  }
  assert.ok(Object.keys(tokens).length > 0 && read.includes("operator_session"), "this is the storage");
  assert.deepEqual(scanner.found, []);
});
