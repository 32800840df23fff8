// The live desk: a visitor in the widget on one side, a person at the simulator's desk on the other.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DESKTOP, PHONE } from "../support/browser.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/wait.mjs";

for (const look of [
  { size: DESKTOP, scheme: "light" },
  { size: PHONE, scheme: "dark" },
]) {
  describe(`live desk at ${look.size.width}x${look.size.height}, ${look.scheme}`, () => {
    const on = stage(look);
    const button = (name) => on.desk.getByRole("button", { name });
    const duty = () => on.desk.getByRole("switch", { name: "On duty" });
    const log = () => on.desk.getByRole("log", { name: "Transcript" });
    const composer = () => on.desk.getByRole("textbox", { name: "Your message" });

    test("nobody waits; the switch is turned from the keyboard", async () => {
      on.desk = await on.context.newPage();
      await on.desk.goto(`${on.simulator.control}/desk`);
      await on.desk.getByText(/Go on duty/).waitFor();
      await until("the switch has the focus", async () => {
        await on.desk.keyboard.press("Tab");
        return duty().evaluate((element) => element === document.activeElement);
      });
      await on.desk.keyboard.press("Space");
      await until("it is on", async () => (await duty().getAttribute("aria-checked")) === "true");
      await on.station("desk-empty", on.desk);
    });

    test("a visitor who asks for a person waits at the desk", async () => {
      const { page, chat, shop } = on;
      await page.bringToFront();
      await page.goto(`${shop}/`);
      await chat.open();
      await chat.said("agent", /Juno/);
      await chat.complete();
      await chat.say("I want to talk to a person, please");
      await button(/^Waiting/).waitFor();
      await until("the title counts", async () => (await on.desk.title()) === "(1) Live desk");
      await chat.say("My tent pole snapped");
      await button(/My tent pole snapped/).waitFor();
      await on.station("desk-waiting", on.desk);
    });

    test("the transcript is read, and the conversation taken over, by keyboard", async () => {
      await on.desk.bringToFront();
      await button(/^Waiting/).focus();
      await on.desk.keyboard.press("Enter");
      await log().getByText("My tent pole snapped").waitFor();
      assert.match(await log().innerText(), /Juno[^]*Visitor\s+I want to talk to a person[^]*handed over/);
      await on.station("desk-transcript", on.desk);
      await until("the way in has the focus", () => button("Take over").evaluate((element) => element === document.activeElement));
      await on.desk.keyboard.press("Enter");
      await composer().waitFor();
      await until("one can type at once", () => composer().evaluate((element) => element === document.activeElement));
      await on.chat.notice(/Imre/);
    });

    test("typing is seen, words arrive, both ways", async () => {
      const { chat, page } = on;
      await on.desk.keyboard.type("I send you a new one today.");
      await page.bringToFront();
      await chat.log.locator(".typing").waitFor();
      await on.desk.bringToFront();
      await on.desk.keyboard.press("Enter");
      assert.equal(await chat.said("live", /new one/), "I send you a new one today.");
      await page.bringToFront();
      await chat.composer.pressSequentially("That is kind");
      await on.desk.getByText("The visitor is typing…").waitFor();
      await chat.composer.press("Enter");
      await log().getByText("That is kind").waitFor();
      await on.station("desk-visitor");
      await on.station("desk-open", on.desk);
    });

    test("line breaks stay, and markup is only text", async () => {
      await on.desk.bringToFront();
      await composer().focus();
      await on.desk.keyboard.type("<b>one</b>");
      await on.desk.keyboard.press("Shift+Enter");
      await on.desk.keyboard.type("two");
      await on.desk.keyboard.press("Enter");
      await log().getByText("<b>one</b>").waitFor();
      assert.match(await on.chat.said("live", /one/), /one[^]*two/);
    });

    test("the one at the desk ends it, and the visitor is told", async () => {
      await button("End conversation").click();
      await on.desk.getByRole("heading", { name: /Ended/ }).waitFor();
      await composer().waitFor({ state: "hidden" });
      await on.chat.notice(/has ended/);
      await on.station("desk-ended", on.desk);
      if (look.size === PHONE) {
        await button("Back").click();
        await button(/^Ended/).waitFor();
      }
      on.assertQuiet();
    });

    test("who closes the page is off duty", async () => {
      await on.desk.close();
      const state = async () => (await fetch(`${on.simulator.control}/control/desk`)).json();
      await until("nobody is on duty", async () => !(await state()).on_duty);
    });
  });
}
