// What happens before a chat begins: the site's check in a frame, what its backend vouches for, its theme.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { assertAccessible, DESKTOP, launch, openContext, PHONE, screenshot } from "../support/browser.mjs";
import { startChecks } from "../support/checks.mjs";
import { call } from "../support/http.mjs";
import { startTap } from "../support/tap.mjs";
import { until } from "../support/wait.mjs";
import { Widget } from "../support/widget.mjs";
import { startWorld } from "../support/world.mjs";

const KEY = "0x4AAAAAAA-browser";
const [CHECK_SECRET, BACKEND_SECRET, CONTEXT_KEY] = ["canary-turnstile-secret", "canary-backend-secret-01", "canary-context-key"];
const CLAIMS = { customer_id: "C-1042", name: "Ada Lovelace" };

let checks;
let tap;
let world;
let browser;
let server;
let shop;
before(async () => {
  checks = await startChecks({ siteKey: KEY, secret: CHECK_SECRET });
  // The shop's own server: its backend vouches for the customer, its page may frame the edge and nobody else.
  server = createServer(async (request, response) => {
    const edge = world.edge.url;
    const vouched = await call(edge, "POST", "/site/shop/context", {
      headers: { authorization: `Bearer ${BACKEND_SECRET}`, "content-type": "application/json" },
      body: JSON.stringify({ claims: CLAIMS }),
    });
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; script-src ${edge} 'wasm-unsafe-eval'; connect-src ${edge} ${edge.replace("http", "ws")}; frame-src ${edge}; style-src 'self'; img-src data:`,
    });
    response.end(`<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Shop</title><main><h1>Shop</h1></main>
      <script src="${edge}/perch.js" data-site="shop" data-context="${vouched.json.handle}" async></script>`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  shop = `http://localhost:${server.address().port}`;
  world = await startWorld({
    platform: { hosts: async ({ messaging }) => ({ messaging: (tap = await startTap(messaging)).url }) },
    site: {
      origins: [shop],
      theme: { mode: "dark", accent_dark: "#7fd1ae", position: "left" },
      bot_check: { provider: "turnstile", site_key: KEY, secret: "PERCH_SITE_SHOP_CHECK" },
      context: { secret: "PERCH_SITE_SHOP_CONTEXT" },
    },
    vars: {
      PERCH_SIMULATOR_CHECKS: checks.url, PERCH_SITE_SHOP_CHECK: CHECK_SECRET, PERCH_SITE_SHOP_CONTEXT: BACKEND_SECRET,
      POLYAI_CONTEXT_KID: "key-1", POLYAI_CONTEXT_SECRET: CONTEXT_KEY,
    },
  });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  for (const part of [world, tap, checks]) await part?.stop();
  server?.close();
});
beforeEach(() => {
  Object.assign(checks, { mode: "up", interactive: false });
  tap.bodies.length = 0;
});

async function visit(look) {
  const opened = await openContext(browser, look);
  const page = await opened.context.newPage();
  await page.goto(shop);
  await page.evaluate(() => addEventListener("perch:verified", ({ detail }) => (window.verified = detail)));
  return { ...opened, page, chat: new Widget(page) };
}

const frames = (page) => page.locator("perch-chat iframe.check");

test("T66 the check runs in a frame of the edge when the chat is opened, and the agent gets what the backend vouched for", async () => {
  const { context, watch, page, chat, assertQuiet } = await visit({});
  const asked = () => watch.requests.filter(({ url }) => url.startsWith(checks.url)).map(({ url }) => new URL(url).pathname);
  assert.deepEqual(asked(), [], "nothing of the provider before intent");
  await chat.open();
  await chat.said("agent", /Juno/);
  assert.deepEqual(asked(), ["/turnstile/v0/api.js", "/issue"]);
  await until("the frame is gone", async () => (await frames(page).count()) === 0);
  assert.equal(await page.evaluate(() => window.verified), true);

  const { context_token: token } = JSON.parse(tap.bodies.find(({ url }) => url === "/api/v1/sessions").body);
  assert.deepEqual(JSON.parse(Buffer.from(token.split(".")[1], "base64url")).ctx, CLAIMS);
  const seen = await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify({ ...localStorage }));
  for (const secret of [token, CHECK_SECRET, BACKEND_SECRET, CONTEXT_KEY, "Lovelace"]) assert.ok(!seen.includes(secret));

  // The session goes on after a reload, without another check.
  checks.verified.length = 0;
  await page.reload();
  await chat.panel.waitFor();
  await chat.said("agent", /Juno/);
  assert.deepEqual(checks.verified, []);
  assertQuiet([/403 \(Forbidden\)/]);
  await context.close();
});

for (const [look, label] of [[{ size: DESKTOP }, "desktop"], [{ size: PHONE }, "phone"]]) {
  test(`a check that needs the visitor is shown, and the site's theme is worn (${label})`, async () => {
    checks.interactive = true;
    const { context, page, chat, assertQuiet } = await visit(look);
    await chat.open();
    const frame = page.frameLocator("perch-chat iframe.check");
    const button = frame.getByRole("button", { name: "I am a person" });
    await button.waitFor();
    await until("the frame is in sight", async () => (await frames(page).boundingBox()).height > 60);
    await screenshot(page, label, "check");
    await assertAccessible(page, `check ${label}`);
    await button.click();
    await chat.said("agent", /Juno/);
    const host = chat.host;
    assert.deepEqual(await host.evaluate(({ dataset }) => [dataset.theme, dataset.position]), ["dark", "left"]);
    const box = await chat.panel.boundingBox();
    assert.ok(label === "phone" ? box.width >= 389 : box.x === 20, JSON.stringify(box));
    assert.equal(await host.evaluate((element) => getComputedStyle(element).getPropertyValue("--perch-accent")), "#7fd1ae");
    await chat.complete();
    await screenshot(page, label, "themed");
    await assertAccessible(page, `themed ${label}`);
    // axe greets every frame, with the page's origin.
    assertQuiet([/403 \(Forbidden\)/, /postMessage/]);
    await context.close();
  });
}

test("T66 while the provider is down the visitor is told, and may try again", async () => {
  checks.mode = "down";
  const { context, chat, assertQuiet } = await visit({});
  await chat.open();
  await chat.notice("The chat could not be started.");
  checks.mode = "up";
  await chat.panel.getByRole("button", { name: "Try again" }).click();
  await chat.said("agent", /Juno/);
  assertQuiet([/403 \(Forbidden\)/, /503 \(Service Unavailable\)/, /perch: bot_check_unavailable/]);
  await context.close();
});
