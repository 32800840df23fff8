// A shorter walk through both pages at the other size and in the other colours.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DESKTOP, PHONE } from "../support/browser.mjs";
import { endChat, RETURNS, rows, search, signIn, stage, turnOf, WORD } from "../support/stage.mjs";
import { until } from "../support/wait.mjs";

for (const look of [
  { size: DESKTOP, scheme: "dark" },
  { size: PHONE, scheme: "light" },
  { size: PHONE, scheme: "dark" },
]) {
  describe(`a shorter walk at ${look.size.width}x${look.size.height}, ${look.scheme}`, () => {
    const on = stage(look);

    test("visitor", async () => {
      const { page, chat, shop } = on;
      await page.goto(`${shop}/`);
      await chat.launcher.waitFor();
      await on.station("closed");
      await chat.open();
      await chat.said("agent", /Juno/);
      await chat.complete();
      const box = await chat.panel.boundingBox();
      assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= look.size.width && box.y + box.height <= look.size.height + 1);
      await on.station("open");
      await chat.say(`What is your return policy for a ${WORD} hat?`);
      await chat.said("agent", RETURNS);
      await chat.say("Can you recommend a jacket?");
      await chat.cards.first().waitFor();
      await chat.complete();
      await on.station("cards");
      await chat.say("I want to talk to a person");
      await chat.banner.filter({ hasText: "in the queue" }).waitFor();
      await on.station("queue");
      await chat.said("live", /\w/);
      await on.station("live");
      await page.reload();
      await chat.launcher.waitFor();
      if (look.size === PHONE) await chat.open();
      await chat.said("live", /\w/);
      await chat.assertNothingTwice();
      await endChat(chat);
      await on.station("ended");
    });

    test("operator", async () => {
      const out = await on.context.newPage();
      await out.goto(`${on.edge}/console/`);
      await out.getByRole("heading", { name: "Sign in" }).waitFor();
      await on.station("console-sign-in", out);
      await out.close();
      const page = await signIn(on);
      await on.station("console-list", page);
      await search(page, WORD);
      await until("exactly one row is left", async () => (await rows(page).count()) === 1);
      await rows(page).first().click();
      await turnOf(page, WORD).waitFor();
      await on.station("console-transcript", page);
      // Nothing sticks out to the side.
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
    });

    test("nobody complained", () => on.assertQuiet([/status of 401 .*\/operator\/session\)$/]));
  });
}
