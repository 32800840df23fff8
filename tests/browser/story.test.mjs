// The whole story in Chromium: a visitor chats in the demo shop, an operator reads it in the console.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CUT, DESKTOP } from "../support/browser.mjs";
import { endChat, RETURNS, rows, search, signIn, stage, turnOf, WORD } from "../support/stage.mjs";
import { until } from "../support/wait.mjs";

describe("the full story, desktop, light", () => {
  const on = stage({ size: DESKTOP, scheme: "light" }, { conversations: 5_000 });

  test("before the visitor shows intent nothing is fetched and nothing stored", async () => {
    const { page, watch, shop, chat, edge, context } = on;
    await page.goto(`${shop}/`, { waitUntil: "networkidle" });
    await chat.launcher.waitFor();
    const ours = watch.requests.filter(({ url }) => url.startsWith(edge));
    assert.deepEqual(ours, [{ url: `${edge}/perch.js`, kind: "script" }]);
    assert.ok(!watch.requests.some(({ kind, url }) => ["fetch", "xhr", "websocket"].includes(kind) || url.endsWith(".wasm")));
    const stored = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie,
      (await indexedDB.databases()).length, (await caches.keys()).length]);
    assert.deepEqual(stored, [0, 0, "", 0, 0]);
    assert.deepEqual(await context.cookies(), []);
    await on.station("closed");
  });

  test("opening greets, and the focus is where one types", async () => {
    const { chat, watch } = on;
    await chat.open();
    assert.ok(await chat.composer.evaluate((field) => field.getRootNode().activeElement === field));
    await chat.said("agent", /Juno/);
    assert.ok(watch.requests.some(({ url }) => url.endsWith("widget_bg.wasm")));
    await chat.complete();
    await on.station("open");
  });

  test("an answer is seen growing, with suggestions; a press on one asks it", async () => {
    const { chat } = on;
    await chat.watchGrowth();
    await chat.say(`I bought a ${WORD} hat, how do returns work?`);
    const answer = await chat.said("agent", RETURNS);
    const grown = await chat.growth(answer);
    assert.ok(grown.length >= 4, `${grown.length} states of the answer were seen`);
    assert.ok(grown.every((text, at) => at === 0 || text.length > grown[at - 1].length), "it only grows");
    await chat.by("visitor").locator(".meta", { hasText: "Delivered" }).waitFor();
    await chat.chips.first().waitFor();
    const chip = chat.chips.last();
    const words = await chip.innerText();
    await on.station("suggestions");
    await chip.click();
    assert.equal(await chat.said("visitor", new RegExp(`^${words.replace("?", "\\?")}$`)), words);
    await until("it is answered", async () => (await chat.texts("agent")).length >= 3);
    await chat.complete();
  });

  test("a recommendation comes as cards that lead somewhere safe", async () => {
    const { chat } = on;
    await chat.say("Can you recommend a jacket?");
    const cards = chat.by("agent").last().locator(".cards > a");
    await cards.nth(1).waitFor();
    assert.equal(await cards.count(), 2);
    for (const card of await cards.all()) {
      assert.match(await card.getAttribute("href"), /^https:\/\/shop\.fernhill\.example\//);
      assert.equal(await card.getAttribute("target"), "_blank");
      assert.match(await card.getAttribute("rel"), /noopener/);
      const picture = card.locator("img");
      await picture.scrollIntoViewIfNeeded();
      await until("the picture is there", () => picture.evaluate((image) => image.complete && image.naturalWidth > 0));
    }
    await on.station("cards");
  });

  test("an order question is asked back, and answered with the number", async () => {
    const { chat } = on;
    await chat.say("Where is my order?");
    await chat.said("agent", /order number[^]*FH/);
    await chat.say("FH-10423");
    await chat.said("agent", /found FH-10423|FH-10423 (is|has|was|left)/);
    await chat.complete();
    await chat.assertNothingTwice();
  });

  test("after a reload the history is there, and nothing twice", async () => {
    const { page, chat } = on;
    const said = await chat.transcript();
    await page.reload();
    await chat.panel.waitFor();
    await until("the history is back", async () => (await chat.transcript()).length === said.length);
    assert.deepEqual(await chat.transcript(), said);
    await on.station("reloaded");
  });

  test("on the product page the history is there as well, and the chat goes on", async () => {
    const { page, chat } = on;
    const said = await chat.transcript();
    await page.getByRole("link", { name: "Jackets", exact: true }).click();
    await page.waitForURL(/jacket/);
    await chat.panel.waitFor();
    await until("the history is back", async () => (await chat.transcript()).length === said.length);
    assert.deepEqual(await chat.transcript(), said);
  });

  test("a connection cut in the middle of an answer: a banner, and the answer completes once", async () => {
    const { chat, simulator } = on;
    await simulator.faults({ drop_mid_chunk: 1 });
    await chat.say("Which payment methods do you take?");
    await chat.banner.waitFor();
    await on.station("reconnecting");
    await chat.banner.waitFor({ state: "hidden" });
    await chat.complete();
    assert.match((await chat.texts("agent")).at(-1), /[.!?]$/);
    await chat.assertNothingTwice();
    assert.equal(await chat.by("visitor").filter({ hasText: "Which payment methods do you take?" }).count(), 1);
  });

  test("every socket dropped at once: the chat comes back by itself", async () => {
    const { chat, simulator } = on;
    const said = await chat.transcript();
    await simulator.dropSockets();
    await chat.banner.waitFor();
    await chat.banner.waitFor({ state: "hidden" });
    assert.deepEqual(await chat.transcript(), said);
  });

  test("what is typed offline is kept, marked, and delivered after", async () => {
    const { chat, context } = on;
    await context.setOffline(true);
    await chat.banner.filter({ hasText: "You are offline" }).waitFor();
    await chat.say("How long does delivery take?");
    const mine = chat.by("visitor").filter({ hasText: "How long does delivery take?" });
    await mine.waitFor();
    assert.equal(await mine.getAttribute("data-delivery"), "sending");
    await on.station("offline");
    const answers = await chat.by("agent").count();
    await context.setOffline(false);
    await until("it is delivered", async () => (await mine.getAttribute("data-delivery")) === "sent");
    await until("it is answered", async () => (await chat.by("agent").count()) > answers);
    await chat.complete();
    assert.equal(await mine.count(), 1);
    await chat.assertNothingTwice();
  });

  test("the language changes on request, for words and for the widget itself", async () => {
    const { chat } = on;
    await chat.say("in French please");
    await until("the panel speaks French", async () => (await chat.panel.getAttribute("lang")) === "fr");
    await chat.panel.getByRole("button", { name: "Terminer le chat" }).waitFor();
    assert.equal(await chat.composer.getAttribute("placeholder"), "Écrivez un message");
    await chat.say("Où sont vos magasins ?");
    await chat.said("agent", /à Kendal/);
    await chat.complete();
    await on.station("french");
    await chat.say("in English please");
    await until("the panel speaks English", async () => (await chat.panel.getAttribute("lang")) === "en");
  });

  test("a person takes over after the queue, and messages go both ways", async () => {
    const { chat } = on;
    await chat.say("I want to talk to a person");
    await chat.banner.filter({ hasText: "You are number 2 in the queue." }).waitFor();
    await on.station("queue");
    await chat.banner.filter({ hasText: "You are number 1 in the queue." }).waitFor();
    await chat.said("live", /\w/);
    await chat.panel.locator(".title", { hasText: "Imre" }).waitFor();
    await chat.banner.waitFor({ state: "hidden" });
    const before = await chat.by("live").count();
    await chat.say("My tent pole snapped on the first night");
    await until("Imre answers", async () => (await chat.by("live").count()) > before);
    await chat.assertNothingTwice();
    await on.station("live");
  });

  test("the visitor ends the chat, may think again, and can start a new one", async () => {
    const { chat } = on;
    const end = chat.panel.getByRole("button", { name: "End chat" }).first();
    await end.click();
    await chat.panel.getByRole("button", { name: "Keep chatting" }).click();
    await end.waitFor();
    await endChat(chat);
    await on.station("ended");
    assert.ok((await chat.rows.count()) > 20, "what was said stays readable");
    await chat.panel.getByRole("button", { name: "Start a new chat" }).click();
    await until("Juno greets anew", async () => {
      const said = await chat.transcript();
      return said.length === 1 && /I'm Juno/.test(said[0]);
    });
    await chat.say("What is your return policy?");
    await chat.said("agent", RETURNS);
    await on.station("new-chat");
  });

  test("the page never complained, but for the connections that were cut", () => on.assertQuiet(CUT));

  test("without a session the console asks to sign in", async () => {
    const page = await on.context.newPage();
    await page.goto(`${on.edge}/console/`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    on.console = page;
    await on.station("console-sign-in", page);
  });

  test("the sign-in link works once and leaves no trace in the address", async () => {
    const page = await signIn(on);
    assert.ok(!page.url().includes("setup") && !page.url().includes(on.world.keys.setup), page.url());
    const history = await page.evaluate(() => JSON.stringify([history.state, document.referrer]));
    assert.ok(!history.includes(on.world.keys.setup));
    await on.station("console-list", page);

    const second = await on.browser.newContext();
    const late = await second.newPage();
    await late.goto(`${on.edge}/console/#setup=${on.world.keys.setup}`);
    await late.getByRole("heading", { name: "This sign-in link does not work" }).waitFor();
    await second.close();
    await on.console.close();
    on.console = page;
  });

  test("range, environment and channel narrow the list on the server, and the address says so", async () => {
    const page = on.console;
    const asked = (pattern) => page.waitForRequest((request) => request.url().includes("/conversations?") && pattern.test(request.url()));
    const range = page.getByRole("group", { name: "Time range" });
    const pick = async (control, request, address) => {
      const sent = asked(request);
      await control();
      await sent;
      await page.waitForURL(address);
    };
    await pick(() => range.getByRole("radio", { name: "Last 30 days" }).check({ force: true }), /start_time=/, /30d/);
    await until("rows come", async () => (await rows(page).count()) > 5);
    await pick(() => page.getByLabel("Environment").selectOption("sandbox"), /client_env=sandbox/, /env=sandbox/);
    await pick(() => page.getByLabel("Environment").selectOption("live"), /client_env=live|conversations\?(?!.*client_env)/, (url) => !url.href.includes("env="));
    await page.locator("summary", { hasText: "Channel" }).click();
    await pick(() => page.getByRole("checkbox", { name: "Web chat" }).check(), /channel=webchat/i, /channel=/);
    await page.keyboard.press("Escape");
    await until("only web chats are listed", async () => {
      const names = await rows(page).locator(".channel").allInnerTexts();
      return names.length > 0 && names.every((name) => name === "Web chat");
    });
    await on.station("console-filtered", page);
  });

  test("the chat just held is found by what was said in it", async () => {
    const page = on.console;
    await search(page, WORD);
    await until("exactly one row is left", async () => (await rows(page).count()) === 1);
    assert.match(await rows(page).first().innerText(), /zephyrine/);
    await page.waitForURL(/q=zephyrine/);
    await on.station("console-search", page);
    await rows(page).first().click();
    await turnOf(page, WORD).waitFor();
  });

  test("its transcript has every turn, with latency, cards' words and the hand-over", async () => {
    const page = on.console;
    for (const said of [/I'm Juno/, /zephyrine hat/, RETURNS, /recommend a jacket/, /FH-10423/, /in French please/,
      /talk to a person/, /tent pole snapped/]) {
      await turnOf(page, said).waitFor();
    }
    assert.match(await turnOf(page, RETURNS).innerText(), /\d+ ms|\d(\.\d+)? s/);
    const facts = await page.locator("dl").first().innerText();
    assert.match(facts, /Web chat/);
    assert.match(facts, /Handed off to/);
    await on.station("console-transcript", page);
  });

  test("a deep link shows another tab the same", async () => {
    const address = on.console.url();
    const page = await on.context.newPage();
    await page.goto(address);
    await turnOf(page, WORD).waitFor();
    assert.equal(page.url(), address);
    assert.equal(await page.getByRole("searchbox").inputValue(), WORD);
    await page.goBack().catch(() => {});
    await page.close();
  });

  test("the list goes on page after page while one scrolls, across a burst and across a month", async () => {
    const page = on.console;
    // More chats at one time than a page holds: only the platform's cursor leads through them.
    // Begun at the platform itself: through the worker one visitor has one chat at a time.
    for (let turn = 0; turn < 6; turn += 1) {
      const begun = await Promise.all(Array.from({ length: 10 }, () => on.simulator.beginChat()));
      assert.ok(begun.every(({ status }) => status === 200));
    }
    await page.goto(`${on.edge}/console/conversations`);
    await rows(page).first().waitFor();
    const requests = [];
    page.on("request", (request) => {
      if (request.url().includes("/conversations?")) requests.push(new URL(request.url()).searchParams);
    });
    const list = page.getByRole("list", { name: "Conversations" });
    const seen = new Map();
    const scroll = async () => {
      const shown = await rows(page).evaluateAll((links) => links.map((link) =>
        [link.dataset.conversation, link.closest("li").ariaPosInSet]));
      for (const [id, place] of shown) {
        assert.ok(!seen.has(id) || seen.get(id) === place, "no conversation stands in two places");
        seen.set(id, place);
      }
      await page.mouse.wheel(0, 400);
    };
    const range = page.getByRole("group", { name: "Time range" });
    await range.getByRole("radio", { name: "Last hour" }).check({ force: true });
    await rows(page).first().waitFor();
    await list.hover();
    await until("the burst is shown whole", async () => {
      await scroll();
      return seen.size > 60 && requests.some((query) => query.has("cursor"));
    }, 30_000);
    assert.equal(new Set(seen.values()).size, seen.size, "no place is taken twice");

    await range.getByRole("radio", { name: "Last 30 days" }).check({ force: true });
    seen.clear();
    requests.length = 0;
    await rows(page).first().waitFor();
    await list.hover();
    await until("several pages are shown", async () => {
      await scroll();
      return requests.length >= 3 && seen.size > 200;
    }, 30_000);
    assert.equal(new Set(seen.values()).size, seen.size, "no place is taken twice");
    await on.station("console-scrolled", page);
    await page.waitForLoadState("networkidle");
  });

  test("signing out shows nothing any more, also after going back", async () => {
    const page = on.console;
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    await on.station("console-signed-out", page);
    assert.equal(await rows(page).count(), 0);
    await page.reload();
    await page.getByRole("heading", { name: /Sign in/ }).waitFor();
    const cookies = await on.context.cookies(on.edge);
    assert.deepEqual(cookies.filter(({ name }) => name.includes("perch")), []);
    const status = await page.evaluate(async () => (await fetch("/operator/session")).status);
    assert.equal(status, 401);
  });

  test("the console never complained, but for being told that nobody is signed in", () =>
    on.assertQuiet([...CUT, /status of 401 .*\/operator\/session\)$/]));
});
