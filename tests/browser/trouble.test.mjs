// What a visitor sees when things go wrong: said plainly, with a way on, and nothing lost.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertAccessible, DESKTOP, launch, openContext, screenshot } from "../support/browser.mjs";
import { startScript } from "../support/script.mjs";
import { RETURNS, stage } from "../support/stage.mjs";
import { until } from "../support/wait.mjs";
import { Widget } from "../support/widget.mjs";
import { startWorld } from "../support/world.mjs";

describe("a platform that misbehaves", () => {
  const on = stage({ size: DESKTOP, scheme: "light" });
  const fresh = async () => {
    await on.page?.close();
    await on.context.clearCookies();
    on.page = await on.context.newPage();
    on.chat = new Widget(on.page);
    await on.page.goto(`${on.shop}/`);
    await on.page.evaluate(() => (localStorage.clear(), sessionStorage.clear()));
    await on.page.reload();
    await on.chat.launcher.waitFor();
    on.watch.errors.length = 0;
  };

  test("events that come doubled and in the wrong order are shown once, in order", async () => {
    await fresh();
    await on.simulator.faults({ duplicate_events: true, reorder_events: true });
    await on.chat.open();
    await on.chat.said("agent", /Juno/);
    await on.chat.say("What is your return policy?");
    const first = await on.chat.said("agent", RETURNS);
    await on.chat.complete();
    await on.chat.say("Can you recommend a jacket?");
    await on.chat.by("agent").last().locator(".cards > a").nth(1).waitFor();
    await on.chat.complete();
    await on.simulator.clearFaults();
    const said = await on.chat.transcript();
    await on.chat.assertNothingTwice();
    assert.deepEqual(said.map((line) => line.split(":")[0]), ["agent", "visitor", "agent", "visitor", "agent"]);
    // Fetched again without the faults, it reads the same.
    await on.page.reload();
    await until("the history is back", async () => (await on.chat.transcript()).length === said.length);
    assert.deepEqual(await on.chat.transcript(), said);
    assert.ok(said.some((line) => line.includes(first)));
    on.assertQuiet();
  });

  test("a session that cannot be opened is said so, and trying again helps", async () => {
    await fresh();
    await on.simulator.faults({ error: { status: 503, every: 1 } });
    await on.chat.open();
    await on.chat.notice("The chat could not be started.", { timeout: 60_000 });
    await on.station("no-start");
    await on.simulator.clearFaults();
    await on.chat.panel.getByRole("button", { name: "Try again" }).click();
    await on.chat.said("agent", /Juno/);
    on.assertQuiet([/status of 50\d/, /^warning: perch: upstream_refused: /]);
  });

  test("a session the platform has forgotten gives way to a new one without a word of error", async () => {
    await fresh();
    await on.chat.open();
    await on.chat.said("agent", /Juno/);
    await on.simulator.faults({ expire_tokens: true });
    await on.simulator.dropSockets();
    await until("a new session greets", async () => (await on.simulator.state()).sessions >= 2);
    await on.simulator.clearFaults();
    await on.chat.banner.waitFor({ state: "hidden" });
    await on.chat.say("What is your return policy?");
    await on.chat.said("agent", RETURNS);
    on.assertQuiet();
  });

  test("a download that failed is said so, what was typed stays, and trying again helps", async () => {
    await fresh();
    await on.page.route("**/widget.js", (route) => route.abort());
    await on.chat.launcher.click();
    await on.chat.composer.fill("What is your return policy?");
    await on.chat.composer.press("Enter");
    const alert = on.chat.panel.getByRole("alert");
    await alert.waitFor();
    await on.station("no-download");
    await on.page.unroute("**/widget.js");
    await alert.getByRole("button", { name: "Try again" }).click();
    await on.chat.said("visitor", /return policy/);
    await on.chat.said("agent", RETURNS);
    on.assertQuiet([/ERR_FAILED/, /^error: .*\/perch\.js\)$/]);
  });

  test("what is typed before the chat is there is sent when it is", async () => {
    await fresh();
    let release;
    const held = new Promise((done) => (release = done));
    await on.page.route("**/widget_bg.wasm", async (route) => {
      await held;
      await route.continue();
    });
    await on.chat.launcher.click();
    for (const text of ["What is your return policy?", "and a jacket?"]) {
      await on.chat.composer.fill(text);
      await on.chat.composer.press("Enter");
      await on.chat.panel.getByText(text).waitFor();
    }
    release();
    await on.chat.said("agent", RETURNS);
    await until("both were sent, in order", async () => (await on.chat.texts("visitor")).length === 2);
    assert.deepEqual(await on.chat.texts("visitor"), ["What is your return policy?", "and a jacket?"]);
  });

  test("a page of another origin gets a launcher and no chat, and is told so", async () => {
    await fresh();
    // The same server under another name is another origin, and the edge lets it read nothing.
    const elsewhere = on.shop.replace("localhost", "127.0.0.1");
    const reached = await on.simulator.during(async () => {
      await on.page.goto(`${elsewhere}/`);
      await on.chat.open();
      await on.chat.notice("The chat could not be started.", { timeout: 60_000 });
    });
    assert.deepEqual(reached, []);
    await on.station("refused");
    on.assertQuiet([/CORS policy/, /status of 403/, /ERR_FAILED/, /^warning: perch: /]);
  });

  test("a conversation the agent ended stays readable, and the next page begins a new one", async () => {
    await fresh();
    await on.chat.open();
    await on.chat.said("agent", /Juno/);
    await on.chat.say("that's all, goodbye");
    await on.chat.notice("The chat has ended.");
    assert.ok((await on.chat.texts("visitor")).includes("that's all, goodbye"));
    await on.page.reload();
    await on.chat.panel.waitFor();
    await until("a new conversation greets", async () => {
      const said = await on.chat.transcript();
      return said.length === 1 && /I'm Juno/.test(said[0]);
    });
    on.assertQuiet();
  });

  test("two tabs show one conversation, each what the other says, and nothing twice", async () => {
    await fresh();
    await on.chat.open();
    await on.chat.said("agent", /Juno/);
    const page = await on.context.newPage();
    const second = new Widget(page);
    await page.goto(`${on.shop}/jacket.html`);
    await second.open();
    await second.said("agent", /Juno/);
    await on.chat.say("What is your return policy?");
    await second.said("visitor", /return policy/);
    await second.said("agent", RETURNS);
    await second.say("Which payment methods do you take?");
    await on.chat.said("visitor", /payment methods/);
    await until("both read the same", async () => {
      const [one, other] = [await on.chat.transcript(), await second.transcript()];
      return one.length === 5 && JSON.stringify(one) === JSON.stringify(other);
    });
    await on.chat.complete();
    await on.chat.assertNothingTwice();
    await page.close();
    on.assertQuiet();
  });
});

describe("a platform that plays tricks", () => {
  const on = {};
  let platform;
  before(async () => {
    const heard = new Set();
    platform = await startScript((frame, talk, ws) => {
      const { text } = frame.payload;
      if (text === "refuse me once" && !heard.has(text)) {
        heard.add(text);
        talk.raw(JSON.stringify({ id: "x-1", sequence: null, type: "EVENT_TYPE_SYSTEM_MESSAGE", metadata: frame.metadata,
          payload: { level: "SYSTEM_MESSAGE_LEVEL_ERROR", message: "The service is under high load" } }));
        return;
      }
      if (text === "lose me once" && !heard.has(text)) {
        heard.add(text);
        ws.terminate();
        return;
      }
      talk.echo(frame);
      if (text === "be odd") {
        for (const odd of ["{", "not json", "[]", "null", "7", "{}", '{"type":null}', '{"type":"EVENT_TYPE_MADE_UP","payload":{}}',
          '{"type":"EVENT_TYPE_POLY_AGENT_MESSAGE"}', '{"id":7,"sequence":"x","type":"EVENT_TYPE_POLY_AGENT_MESSAGE","payload":[]}',
          '{"type":"EVENT_TYPE_EVENT_BATCH","payload":{"events":[null,7,{"type":"EVENT_TYPE_MADE_UP"}]}}',
          `{"type":"EVENT_TYPE_MADE_UP","payload":${"[".repeat(500)}${"]".repeat(500)}}`]) talk.raw(odd);
        talk.say("Still here.");
      }
      if (text === "attack me") {
        talk.say('<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script> [link](javascript:globalThis.hit=1) ' +
          "[data](data:text/html,<script>globalThis.hit=1</script>) **bold** `code`", {
          attachments: [{ title: "<b>Card</b>", content_url: "javascript:globalThis.hit=1", preview_image_url: "javascript:globalThis.hit=1",
            content_type: "url", call_to_action_text: "<i>Go</i>" }],
          response_suggestions: [{ message_text: '"><img src=x onerror="globalThis.hit=1">' }],
        });
      }
      if (text.endsWith("once")) talk.say("Got it.");
    });
    on.world = await startWorld({ platform, demo: true });
    on.browser = await launch();
    Object.assign(on, await openContext(on.browser, {}));
    on.page = await on.context.newPage();
    on.chat = new Widget(on.page);
    await on.page.goto(`${on.world.edge.demo}/`);
    await on.chat.open();
    await on.chat.said("agent", /Hello from the script/);
  });
  after(async () => {
    await on.browser?.close();
    await on.world?.stop();
    await platform?.stop();
  });
  const mine = (text) => on.chat.by("visitor").filter({ hasText: text });
  const delivery = async (text, state) =>
    until(`"${text}" is ${state}`, async () => (await mine(text).getAttribute("data-delivery")) === state);

  test("a message the platform refused is marked, and can be sent again", async () => {
    await on.chat.say("refuse me once");
    await delivery("refuse me once", "failed");
    await mine("refuse me once").getByText("Not delivered").waitFor();
    await screenshot(on.page, on.label, "not-delivered");
    await assertAccessible(on.page, "not delivered");
    await mine("refuse me once").getByRole("button", { name: "Send again" }).click();
    await delivery("refuse me once", "sent");
    assert.equal(await mine("refuse me once").count(), 1);
    await on.chat.said("agent", /Got it/);
  });

  test("a message lost with its connection is sent again by itself, once", async () => {
    await on.chat.say("lose me once");
    await delivery("lose me once", "sent");
    assert.equal(await mine("lose me once").count(), 1);
    const copies = platform.handshakes.length;
    assert.ok(copies >= 2, "it took a new connection");
  });

  test("frames that make no sense are passed over, and what follows is shown", async () => {
    await on.chat.say("be odd");
    await on.chat.said("agent", /Still here\./);
    await delivery("be odd", "sent");
  });

  test("markup and script in an agent's words are only words", async () => {
    await on.chat.say("attack me");
    const text = await on.chat.said("agent", /onerror/);
    assert.match(text, /<img src=x/);
    await on.chat.complete();
    const hrefs = await on.chat.host.evaluate((element) =>
      [...element.shadowRoot.querySelectorAll("[href], [src]")].map((part) => part.getAttribute("href") ?? part.getAttribute("src")));
    assert.ok(!hrefs.some((address) => /^(javascript|data):/i.test(address)), hrefs.join(" "));
    for (const link of await on.chat.log.getByRole("link").all()) await link.click({ trial: true });
    await on.chat.chips.first().click();
    await on.chat.said("visitor", /onerror/);
    assert.equal(await on.page.evaluate(() => globalThis.hit), undefined);
    assert.equal(await on.chat.log.locator("script, iframe, object").count(), 0);
    await screenshot(on.page, on.label, "attack");
    // Chromium reports the connection that the platform cut; nothing else may be said.
    on.assertQuiet();
  });
});
