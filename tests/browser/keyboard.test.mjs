// Everything a visitor and an operator need, with the keyboard alone.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DESKTOP } from "../support/browser.mjs";
import { RETURNS, rows, signIn, stage, transcript } from "../support/stage.mjs";
import { until } from "../support/wait.mjs";

describe("with the keyboard alone", () => {
  const on = stage({ size: DESKTOP, scheme: "light" });
  const focused = (page) => page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return `${element?.tagName.toLowerCase()}.${element?.className}`;
  });

  test("Tab reaches the launcher, Enter opens, typing and Enter ask, Escape closes and gives the focus back", async () => {
    const { page, chat, shop } = on;
    await page.goto(`${shop}/`);
    await chat.launcher.waitFor();
    await until("the launcher has the focus", async () => {
      await page.keyboard.press("Tab");
      return (await focused(page)).startsWith("button.launcher");
    });
    await on.station("keyboard-launcher");
    await page.keyboard.press("Enter");
    await chat.panel.waitFor();
    assert.match(await focused(page), /^textarea/);
    await chat.said("agent", /Juno/);
    await page.keyboard.type("What is your return policy?");
    await page.keyboard.press("Enter");
    await chat.said("agent", RETURNS);

    // Back through the suggestions without a mouse, and one of them chosen.
    await chat.chips.last().waitFor();
    const asked = await chat.chips.last().innerText();
    await until("a suggestion has the focus", async () => {
      await page.keyboard.press("Shift+Tab");
      return (await focused(page)).startsWith("button.chip");
    });
    await page.keyboard.press("Enter");
    await chat.said("visitor", new RegExp(asked.slice(0, 10)));

    await page.keyboard.press("Escape");
    await chat.panel.waitFor({ state: "hidden" });
    assert.match(await focused(page), /^button\.launcher/);
    await page.keyboard.press("Enter");
    await chat.panel.waitFor();
    await chat.said("agent", RETURNS);
    on.assertQuiet();
  });

  test("the console's list and transcript open and close from the keyboard", async () => {
    const page = await signIn(on);
    await rows(page).first().focus();
    await page.keyboard.press("Enter");
    await transcript(page).getByRole("listitem").first().waitFor();
    await page.keyboard.press("Escape");
    await transcript(page).waitFor({ state: "hidden" });
    on.assertQuiet();
  });
});
