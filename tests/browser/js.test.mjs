// The npm package in Chromium: the README's programs for pages as they stand there, and what only pages have.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ACCOUNT, freePorts, PROJECT } from "../support/edge.mjs";
import { CUT, DESKTOP } from "../support/browser.mjs";
import { examples, install } from "../support/package.mjs";
import { RETURNS, signIn, stage } from "../support/stage.mjs";
import { until } from "../support/wait.mjs";

const TYPES = { js: "text/javascript", wasm: "application/wasm", html: "text/html; charset=utf-8" };
/** What the programs of the README find on their pages. */
const BODY = `
  <ul id="log"></ul>
  <form id="say"><input name="text" aria-label="Message"></form>
  <table id="conversations"></table>
  <form id="delivery">
    <textarea name="headers"></textarea><textarea name="body"></textarea><input name="secret"><input name="other"><button>Why?</button>
  </form>
  <output></output>`;

const [port] = await freePorts(1);
/** A recording, and what was asked for of it. */
const WAV = Buffer.from(Uint8Array.from({ length: 2_000_000 }, (_, at) => (at * 7) % 251));
const ranges = [];
/** Stands in for a worker whose connections break, unless little is left. */
function recording({ headers: { range } }, response) {
  ranges.push(range);
  const from = Number(/^bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
  const part = WAV.subarray(from);
  const own = { "content-type": "audio/wav", "content-length": part.length, etag: '"r1"' };
  response.writeHead(range ? 206 : 200, range ? { ...own, "content-range": `bytes ${from}-${WAV.length - 1}/${WAV.length}` } : own);
  if (part.length < 800_000) response.end(part);
  else response.write(part.subarray(0, 700_000), () => setTimeout(() => response.destroy(), 50));
}

/** Where the sample's pages for visitors are; those for operators are at the worker's own origin. */
const SITE = `http://localhost:${port}`;

describe("the npm package in pages", () => {
  const on = stage({ size: DESKTOP, scheme: "light" }, { conversations: 200, site: { origins: [SITE] } });
  let package_;
  let programs;
  let server;
  before(async () => {
    [package_, programs] = await Promise.all([install(), examples()]);
    server = createServer(async (request, response) => {
      if (request.url.startsWith("/api/")) return recording(request, response);
      const { body, contentType } = await file(request.url);
      response.writeHead(200, { "content-type": contentType });
      response.end(body);
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    await on.context.route(`${on.edge}/sample/**`, async (route) => route.fulfill(await file(route.request().url())));
  });
  after(async () => {
    server?.close();
    server?.closeAllConnections();
    await package_?.remove();
  });

  /** The package lies beside the page, and bare names are mapped to it: no bundler is in between. */
  async function file(url) {
    const path = new URL(url, SITE).pathname.replace("/sample/", "");
    const body = path.endsWith(".html") ? html(path) : await readFile(join(package_.home, path));
    return { body, contentType: TYPES[path.split(".").pop()] };
  }

  /** A page that runs one of the README's programs, or none. */
  function html(path) {
    const heading = decodeURIComponent(path.replace(".html", ""));
    const code = (programs.get(heading) ?? "").replace("https://chat.example.com", on.edge);
    const imports = { "@perch-edge/client": "/sample/browser.js", "@perch-edge/client/explain": "/sample/explain/browser.js" };
    return `<!doctype html><html lang="en"><title>Sample</title><link rel="icon" href="data:,">
      <script type="importmap">${JSON.stringify({ imports })}</script>${BODY}<script type="module">${code}</script></html>`;
  }

  const visit = async (origin, heading, page) => {
    page ??= await on.context.newPage();
    await page.goto(`${origin}/sample/${encodeURIComponent(heading)}.html`);
    return page;
  };

  test("a visitor chats, on the page of the README", async () => {
    const page = await visit(SITE, "Chat with a visitor, in a page");
    const lines = page.locator("#log li");
    await lines.filter({ hasText: /Juno/ }).waitFor();
    await page.getByLabel("Message").fill("What is your return policy?");
    await page.getByLabel("Message").press("Enter");
    await page.locator("#log li.visitor").waitFor();
    await until("it is answered", async () => RETURNS.test(await lines.last().innerText()));
    const said = await lines.allInnerTexts();
    await page.reload();
    await until("the history is back", async () => (await lines.count()) === said.length);
    const again = await lines.allInnerTexts();
    assert.deepEqual(again.slice(0, -1), said.slice(0, -1));
    // More of it may have come in between.
    assert.ok(again.at(-1).startsWith(said.at(-1)), again.at(-1));
    await page.close();
  });

  test("a page without network keeps what is said, and delivers it after", async () => {
    const page = await visit(SITE, "nothing");
    await page.evaluate(async (edge) => {
      const { Chat } = await import("@perch-edge/client");
      window.chat = await Chat.open({ edge, site: "shop" });
    }, on.edge);
    const state = () => page.evaluate(() => ({ ...window.chat.status, outbox: window.chat.outbox.length,
      said: window.chat.transcript.map(({ author, text, delivery, streaming }) => ({ author, text, delivery, streaming })) }));
    await until("the agent greets", async () => (await state()).said.some(({ text, streaming }) => /Juno/.test(text) && !streaming));
    await on.context.setOffline(true);
    await until("the chat knows", async () => (await state()).connection === "offline");
    await page.evaluate(() => window.chat.send("What is your return policy?"));
    await until("it waits", async () => (await state()).outbox === 1);
    await on.context.setOffline(false);
    await until("it is delivered and answered", async () => {
      const { said, outbox } = await state();
      return outbox === 0 && said.some(({ author, delivery }) => author === "visitor" && delivery === "sent")
        && RETURNS.test(said.at(-1).text);
    });
    await page.evaluate(() => window.chat.end());
    await until("it is over", async () => (await state()).ended === "visitor");
    await page.close();
  });

  test("an operator lists conversations, on the page of the README", async () => {
    const page = await signIn(on);
    await visit(on.edge, "List conversations as an operator, in a page of the worker", page);
    const rows = page.locator("#conversations tr");
    await rows.first().waitFor();
    assert.ok((await rows.count()) > 0);
    assert.match(await rows.first().locator("td").nth(1).innerText(), /^\d{4}-\d\d-\d\dT/);
  });

  test("in a page, too, a call can be called off, and errors are of one kind", async () => {
    const page = await visit(on.edge, "nothing");
    const path = { account_id: ACCOUNT, project_id: PROJECT };
    const found = await page.evaluate(async (path) => {
      const { Client, PerchError } = await import("@perch-edge/client");
      const client = Client.edge();
      const code = (work) => work.then(() => "none", (error) => (error instanceof PerchError ? [error.code, error.status ?? null] : String(error)));
      const controller = new AbortController();
      const call = code(client.call("conversations.v3.list", { path, signal: controller.signal }));
      controller.abort();
      return {
        aborted: await call,
        foreign: await code(client.call("conversations.v3.list", { path: { ...path, project_id: "PROJECT-FFFFFFFF" } })),
        unlawful: await code(client.call("conversations.v3.list", { path: { ...path, project_id: "a/b" } })),
        keys: await code(Promise.try(() => Client.direct({ region: "us-1", credentials: { workspace: "canary" } }))),
        refused: await code(Client.edge({ base: "http://localhost:1", attempts: 1 }).call("conversations.v3.list", { path })),
      };
    }, path);
    assert.deepEqual(found.aborted, ["aborted", null]);
    assert.deepEqual(found.unlawful, ["invalid_input", null]);
    assert.deepEqual(found.keys, ["keys_in_page", null]);
    assert.deepEqual(found.refused, ["connection_failed", null]);
    assert.ok(Array.isArray(found.foreign) && [403, 404].includes(found.foreign[1]), `${found.foreign}`);
    await page.close();
  });

  test("a long list is read row by row, as an operator, by a module of its own", async () => {
    const loaded = [];
    const page = await on.context.newPage();
    page.on("request", (request) => request.url().endsWith(".wasm") && loaded.push(request.url().split("/").pop()));
    await visit(on.edge, "nothing", page);
    const path = { account_id: ACCOUNT, project_id: PROJECT };
    const found = await page.evaluate(async (path) => {
      const { Client } = await import("@perch-edge/client");
      const client = Client.edge();
      const ids = [];
      for await (const { id } of client.rows("conversations.v3.list", { path, query: { limit: 30 } })) ids.push(id);
      const controller = new AbortController();
      const rows = client.rows("conversations.v3.list", { path, query: { limit: 1 }, signal: controller.signal });
      await rows.next();
      controller.abort();
      const error = await (async () => {
        for await (const _ of rows);
      })().then(() => "none", ({ code }) => code);
      return { rows: ids.length, distinct: new Set(ids).size, error };
    }, path);
    assert.ok(found.rows > 150 && found.rows === found.distinct, `${found.rows} rows, ${found.distinct} ids`);
    assert.equal(found.error, "aborted");
    assert.deepEqual(loaded, ["stream_bg.wasm"]);
    await page.close();
  });

  test("a recording arrives whole over a connection that breaks, and plays as a stream", async () => {
    const page = await visit(SITE, "nothing");
    const found = await page.evaluate(async () => {
      const { Client } = await import("@perch-edge/client");
      const client = Client.edge();
      const path = { agentId: "PROJECT-1", conversationId: "CA1" };
      const recording = await client.recording("conversations.audio", { path });
      const bytes = new Uint8Array(await new Response(recording.stream()).arrayBuffer());
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      const { contentType, total, taken } = recording;
      return { contentType, total, taken, length: bytes.length, digest: [...digest] };
    });
    const digest = [...createHash("sha256").update(WAV).digest()];
    const { length } = WAV;
    assert.deepEqual(found, { contentType: "audio/wav", total: length, taken: length, length, digest });
    assert.equal(ranges[0], undefined);
    assert.ok(ranges.length >= 3 && ranges.slice(1).every((range) => /^bytes=[1-9]\d*-1999999$/.test(range)), `${ranges}`);
    await page.close();
  });

  test("a failing delivery is explained, on the page of the README, by a module of its own", async () => {
    const loaded = [];
    const page = await on.context.newPage();
    page.on("request", (request) => request.url().endsWith(".wasm") && loaded.push(request.url().split("/").pop()));
    await visit(SITE, "Find out why a delivery fails, in a page", page);
    const body = '{"event_type":"alerts.triggered"}';
    const signed = await (await package_.import()).signWebhook("secret of another endpoint", "evt_1", body);
    const field = (name) => page.locator(`[name=${name}]`);
    await field("headers").fill(Object.entries(signed).map((pair) => pair.join(": ")).join("\n"));
    await field("body").fill(body);
    await field("secret").fill("secret of this endpoint");
    await field("other").fill("secret of another endpoint");
    assert.deepEqual(loaded, []);
    await page.getByRole("button", { name: "Why?" }).click();
    const output = page.locator("output");
    await until("it is explained", async () => /^wrong_secret \(proven\): ./.test(await output.innerText()));
    assert.deepEqual(loaded, ["explain_bg.wasm"]);
    await page.close();
  });

  test("nothing but what was cut or refused on purpose was complained about", () => {
    on.assertQuiet([...CUT, /Failed to load resource/, /net::ERR_/, /has been blocked by CORS policy/]);
  });
});
