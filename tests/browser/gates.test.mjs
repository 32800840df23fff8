// What any page may expect of a chat widget it embeds, out of the box: twenty gates.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { assertAccessible, DESKTOP, launch, openContext, PHONE } from "../support/browser.mjs";
import { pause, until } from "../support/wait.mjs";
import { Widget } from "../support/widget.mjs";
import { startWorld } from "../support/world.mjs";

/** A host page that means no harm but styles everything, and means it. */
const HOSTILE = `
  html { font-size: 40px !important; }
  body { direction: ltr; text-align: right; }
  * { font-family: fantasy !important; letter-spacing: 6px !important; line-height: 3 !important; color: red !important;
      text-transform: uppercase !important; word-spacing: 20px !important; font-style: italic !important; }
  *, *::before, *::after { box-sizing: content-box !important; border: 5px solid lime !important; }
  button, textarea, input, a { background: yellow !important; padding: 30px !important; border-radius: 0 !important;
      width: 100% !important; transform: rotate(3deg) !important; }
  div, p, span, ul, ol, li, form, dialog { margin: 20px !important; padding: 20px !important; background: pink !important;
      float: left !important; }
  svg, img { width: 300px !important; height: 300px !important; }
  [hidden] { display: block !important; }
  perch-chat { opacity: 0.99; }
`;
const PROPERTIES = ["font-family", "font-size", "font-style", "letter-spacing", "word-spacing", "line-height", "color",
  "background-color", "text-transform", "text-align", "box-sizing", "border-top-width", "border-top-color",
  "border-top-left-radius", "padding-left", "margin-left", "float", "transform", "display", "width", "height"];

let world;
let browser;
let shop;
let edge;
let server;
// What the host's server answers with next.
let served;
before(async () => {
  // A server of its own: Chromium holds answers made up by an interceptor for foreign to this machine.
  server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...served.headers });
    response.end(served.body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  shop = `http://localhost:${server.address().port}`;
  world = await startWorld({ site: { origins: [shop] } });
  edge = world.edge.url;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await world?.stop();
  server?.close();
});

/** Counts how often a timer or a frame wakes a script of the page. */
const COUNTED = `<script>
  window.woken = 0;
  for (const name of ["setTimeout", "setInterval", "requestAnimationFrame", "requestIdleCallback"]) {
    const wait = window[name];
    window[name] = (work, ...rest) => wait.call(window, (...given) => (window.woken += 1, work(...given)), ...rest);
  }
</script>`;

/** A host page of the test's own, on the shop's origin. */
async function host(work, { look = {}, head = "", lang = "en", dir = "ltr", policy, script = true, nonce = "" } = {}) {
  const { context, watch, assertQuiet } = await openContext(browser, look);
  try {
    const tag = script ? `<script src="${edge}/perch.js" data-site="shop" async ${nonce && `nonce="${nonce}"`}></script>` : "";
    served = {
      headers: policy ? { "content-security-policy": policy } : {},
      body: `<!doctype html><html lang="${lang}" dir="${dir}"><head><meta name="viewport" content="width=device-width"><title>A page</title><link rel="icon" href="data:,">${head}${tag}</head>
        <body><main><h1>A page</h1><p>With a <a href="#x">link</a>.</p></main></body></html>`,
    };
    const page = await context.newPage();
    await page.goto(`${shop}/`);
    const chat = new Widget(page);
    if (script) await chat.launcher.waitFor();
    await work({ page, chat, watch, assertQuiet, context });
  } finally {
    await context.close();
  }
}

const greeted = async (chat) => {
  await chat.open();
  await chat.said("agent", /Juno/);
  await chat.complete();
};

test("1 at most 5 KB before interaction", () => host(async ({ watch }) => {
  const ours = watch.requests.filter(({ url }) => url.startsWith(edge));
  assert.deepEqual(ours.map(({ url }) => url), [`${edge}/perch.js`]);
  const packed = brotliCompressSync(Buffer.from(await (await fetch(`${edge}/perch.js`)).arrayBuffer()));
  assert.ok(packed.length <= 3_072, `${packed.length} bytes; the loader's own limit is lower still`);
}));

test("2 no third-party hosts, closed or open", () => host(async ({ chat, watch }) => {
  await greeted(chat);
  const hosts = new Set(watch.requests.filter(({ url }) => url.startsWith("http")).map(({ url }) => new URL(url).origin));
  assert.deepEqual([...hosts].sort(), [edge, shop].sort());
}));

test("3 nothing is stored before a click", () => host(async ({ page, context, chat }) => {
  await chat.launcher.hover();
  const stored = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie,
    (await indexedDB.databases()).length, (await caches.keys()).length]);
  assert.deepEqual([stored, await context.cookies()], [[0, 0, "", 0, 0], []]);
}));

test("4 at most one new global, closed or open", async () => {
  const globals = (page) => page.evaluate(() => Object.getOwnPropertyNames(window));
  let plain;
  await host(async ({ page }) => (plain = new Set(await globals(page))), { script: false });
  await host(async ({ page, chat }) => {
    await greeted(chat);
    const added = (await globals(page)).filter((name) => !plain.has(name));
    assert.ok(added.length <= 1, added.join(", "));
  });
});

test("5 6 opens under a strict content policy, with no violation", async () => {
  const socket = edge.replace("http", "ws");
  const policy = `default-src 'none'; script-src 'nonce-abc' ${edge} 'wasm-unsafe-eval'; style-src 'nonce-abc'; img-src https: data:; ` +
    `connect-src ${edge} ${socket}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  await host(async ({ chat, assertQuiet }) => {
    await greeted(chat);
    await chat.say("Can you recommend a jacket?");
    await chat.by("agent").nth(1).waitFor();
    // Pictures of the simulator's own host are outside this policy; nothing else may be.
    assertQuiet([/(violat|policy).*\/media\/.*svg/i]);
  }, { policy, nonce: "abc" });
  // With a nonce alone, as pages do that trust no host by name.
  await host(async ({ chat, assertQuiet }) => {
    await greeted(chat);
    assertQuiet();
  }, { policy: policy.replace(`'nonce-abc' ${edge} 'wasm`, "'nonce-abc' 'wasm"), nonce: "abc" });
});

test("7 a host page's styles do not get in", async () => {
  const looks = {};
  for (const [name, head] of [["plain", ""], ["hostile", `<style>${HOSTILE}</style>`]]) {
    await host(async ({ page, chat }) => {
      await greeted(chat);
      await page.mouse.move(5, 5);
      looks[name] = await chat.host.evaluate((element, properties) => {
        const found = {};
        for (const selector of [".launcher", ".launcher svg", "dialog", ".bar", ".title", ".close", ".close svg", "[role=log]",
          "li[data-author=agent]", "li[data-author=agent] .bubble", "li[data-author=agent] .bubble p", ".chips", ".chips button",
          "form", "textarea", ".send"]) {
          const part = element.shadowRoot.querySelector(selector);
          const style = part && getComputedStyle(part);
          found[selector] = part && Object.fromEntries(properties.map((name) => [name, style.getPropertyValue(name)]));
        }
        return found;
      }, PROPERTIES);
      const box = await chat.panel.boundingBox();
      looks[name].box = [box.x, box.y, box.width, box.height].map(Math.round);
    }, { head });
  }
  assert.ok(Object.values(looks.plain).every(Boolean), "every part was found");
  assert.deepEqual(looks.hostile, looks.plain);
});

test("8 to 13 a named button, reached by Tab, opened by Enter, focus in and out, axe content", () => host(async ({ page, chat }) => {
  assert.equal(await chat.launcher.evaluate((button) => button.tagName), "BUTTON");
  assert.equal(await chat.host.getByRole("button", { name: "Chat", exact: true }).count(), 1);
  const inside = () => chat.host.evaluate((element) => element.shadowRoot.activeElement?.className || element.shadowRoot.activeElement?.localName);
  await until("Tab reaches it", async () => {
    await page.keyboard.press("Tab");
    return /launcher/.test(await inside());
  });
  await page.keyboard.press("Enter");
  await chat.panel.waitFor();
  assert.equal(await inside(), "textarea");
  await chat.said("agent", /Juno/);
  await assertAccessible(page, "the open panel on a foreign page");
  await page.keyboard.press("Escape");
  await chat.panel.waitFor({ state: "hidden" });
  assert.match(await inside(), /launcher/);
}));

test("14 a live region tells what is new", () => host(async ({ chat }) => {
  await chat.open();
  const spoken = [];
  const live = chat.panel.locator("[aria-live=polite], [aria-live=assertive]");
  await live.first().waitFor({ state: "attached" });
  await until("the greeting is announced", async () => {
    spoken.push(...(await live.allInnerTexts()));
    return spoken.some((text) => /Juno[^]*orders, returns/.test(text));
  });
}));

test("15 the composer's text has 16 px, so that phones do not zoom in", () => host(async ({ chat }) => {
  await chat.open();
  const size = await chat.composer.evaluate((field) => parseFloat(getComputedStyle(field).fontSize));
  assert.ok(size >= 16, `${size}`);
}, { look: { size: PHONE } }));

test("16 opens on a tap, on the screen at 390 px", () => host(async ({ chat }) => {
  await chat.launcher.tap();
  await chat.panel.waitFor();
  await chat.said("agent", /Juno/);
  const { x, y, width, height } = await chat.panel.boundingBox();
  assert.ok(x >= 0 && y >= 0 && x + width <= PHONE.width && y + height <= PHONE.height + 1, `${x} ${y} ${width} ${height}`);
  assert.ok(await chat.panel.isVisible(), "a tap opens once and does not close again");
}, { look: { size: PHONE } }));

test("17 follows the page's colour scheme, while open too", () => host(async ({ page, chat }) => {
  await chat.open();
  const shade = () => chat.panel.evaluate((panel) => {
    const [red, green, blue] = getComputedStyle(panel).backgroundColor.match(/[\d.]+/g).map(Number);
    return red + green + blue;
  });
  const light = await shade();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await shade();
  assert.ok(light > 600 && dark < 200, `${light} ${dark}`);
}));

test("18 nothing moves under reduced motion", () => host(async ({ chat }) => {
  const moving = () => chat.host.evaluate((element) => element.shadowRoot.getAnimations()
    .filter(({ playState, effect }) => playState === "running" && effect.getComputedTiming().activeDuration > 20)
    .map(({ animationName, effect }) => `${animationName} on ${effect.target?.className}`));
  await chat.open();
  await chat.log.locator(".typing").waitFor();
  assert.deepEqual(await moving(), []);
  await chat.said("agent", /Juno/);
  await chat.say("What is your return policy?");
  await chat.log.locator(".typing").waitFor();
  assert.deepEqual(await moving(), []);
}, { look: { reducedMotion: "reduce" } }));

test("19 the launcher mirrors on pages that run from right to left", async () => {
  const middle = async (chat) => {
    const { x, width } = await chat.launcher.boundingBox();
    return x + width / 2;
  };
  await host(async ({ chat }) => assert.ok((await middle(chat)) > DESKTOP.width / 2));
  await host(async ({ chat }) => {
    assert.ok((await middle(chat)) < DESKTOP.width / 2);
    await chat.open();
    const { x, width } = await chat.panel.boundingBox();
    assert.ok(x >= 0 && x + width / 2 < DESKTOP.width / 2, `${x}`);
  }, { dir: "rtl", lang: "ar" });
});

test("20 an idle open chat does nothing: no layout, no style, no script of its own", () => host(async ({ page, chat }) => {
  await greeted(chat);
  await chat.chips.first().waitFor();
  await page.evaluate(() => document.activeElement.blur());
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const read = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const counts = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    return [counts.LayoutCount, counts.RecalcStyleCount, await page.evaluate(() => window.woken)];
  };
  // Words are announced, and leave the live region, a little after they are shown: idle begins after that.
  let before = await read();
  await until("the chat has come to rest", async () => {
    await pause(1_000);
    const last = before;
    before = await read();
    return before.every((count, at) => count === last[at]);
  });
  await pause(3_000);
  const after = await read();
  assert.ok(before[2] > 0, "callbacks are counted");
  for (const [at, name] of ["layouts", "style recalculations", "callbacks"].entries()) {
    const more = after[at] - before[at];
    assert.ok(more <= 1, `${more} ${name}`);
  }
}, { head: COUNTED }));
