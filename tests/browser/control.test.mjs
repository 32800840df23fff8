// The simulator's control page: what it shows, what it turns, by hand and by keyboard.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { DESKTOP, PHONE } from "../support/browser.mjs";
import { closePages, inspect, openPages } from "../support/pages.mjs";
import { until } from "../support/wait.mjs";

for (const look of [
  { size: DESKTOP, scheme: "light" },
  { size: DESKTOP, scheme: "dark" },
  { size: PHONE, scheme: "light" },
  { size: PHONE, scheme: "dark" },
]) {
  describe(`control page at ${look.size.width}x${look.size.height}, ${look.scheme}`, () => {
    const on = {};
    const rules = () => on.page.locator("#rules li");
    const requests = () => on.page.locator("#requests tr");
    const button = (name) => on.page.getByRole("button", { name, exact: true });
    const station = (name) => inspect(on, `control-${name}`);

    before(() => openPages(on, look));
    after(() => closePages(on));

    test("shows requests while they come, without secrets", async () => {
      await on.page.goto(on.simulator.control);
      await on.page.getByText("None yet.").waitFor();
      await station("empty");
      await on.simulator.beginChat();
      await fetch(`${on.simulator.hosts.build}/v1/agents/x/branches`, { headers: { "x-api-key": "wrong" } });
      await until("both requests are shown", async () => (await requests().count()) === 2);
      await requests().filter({ hasText: "agents.branches.list" }).getByText("401").waitFor();
      const text = await on.page.content();
      for (const key of Object.values(on.keys.platform)) assert.ok(!text.includes(key));

      await on.page.getByRole("searchbox", { name: "Filter" }).fill("chat");
      await until("one fits", async () => (await requests().count()) === 1);
      await on.page.getByRole("combobox", { name: "Status" }).selectOption("5xx");
      await on.page.getByText("None of them fits the filter.").waitFor();
      await on.page.getByRole("combobox", { name: "Status" }).selectOption("all");
      const open = button("chat.create");
      await open.focus();
      await on.page.keyboard.press("Enter");
      await on.page.getByRole("dialog", { name: "chat.create" }).getByText("Credential").waitFor();
      await station("detail");
      await on.page.keyboard.press("Escape");
      assert.ok(await open.evaluate((node) => node === document.activeElement), "back where one was");
      await on.page.getByRole("searchbox", { name: "Filter" }).fill("");
    });

    test("adds faults, counts them, and resets them", async () => {
      await on.page.getByLabel("What goes wrong").selectOption("Error by code");
      await on.page.getByLabel("Code of the catalogue").fill("CHAT_TIMEOUT");
      await on.page.getByLabel("On", { exact: true }).fill("chat.*");
      await on.page.getByLabel("For how long").selectOption("5 min");
      await button("Add fault").click();
      await rules().filter({ hasText: "CHAT_TIMEOUT" }).waitFor();
      assert.equal((await on.simulator.beginChat()).status, 400);
      await rules().getByText("1 of 1").waitFor();
      await on.page.locator("#requests .fault").first().waitFor();

      await on.page.getByLabel("What goes wrong").selectOption("429, too many requests");
      await on.page.getByLabel("On", { exact: true }).fill("nothing.*");
      await button("Add fault").click();
      await on.page.getByText("on must be an operation's id").waitFor();
      await on.page.getByLabel("On", { exact: true }).fill("*");
      await button("Add fault").click();
      await until("two are in force", async () => (await rules().count()) === 2);
      await on.page.getByLabel("Swap neighbouring events").check();
      await until("the switch is on", async () => (await on.simulator.state()).faults.reorder_events);
      await station("faults");

      await on.page.getByRole("button", { name: "End fault 1, error on chat.*" }).click();
      await until("one is left", async () => (await rules().count()) === 1);
      await button("Reset all").click();
      await on.page.getByText("No rule is in force.").waitFor();
      const { faults } = await on.simulator.state();
      assert.ok(!faults.reorder_events && faults.rules.length === 0);
      assert.equal((await on.simulator.beginChat()).status, 200);
    });

    test("moves the clock and lets traffic come", async () => {
      const now = async () => Date.parse((await on.simulator.state()).now);
      await button("Freeze").click();
      await on.page.getByText("frozen").waitFor();
      const before = await now();
      await button("+ 1 h").click();
      await until("an hour has passed", async () => (await now()) === before + 3_600_000);
      await button("Freeze").click();
      await on.page.getByLabel("Speed").selectOption("× 600");
      await on.page.getByLabel("Conversations a minute").fill("20");
      await button("Set traffic").click();
      await until("conversations arrive", async () => (await on.page.locator("#world").innerText()).match(/Traffic a minute\s+20/));
      await station("clock");
    });

    test("fits the window, and nobody complained", async () => {
      const wide = await on.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      on.assertQuiet([/status of 400 .*\/control\/faults\/rules\)$/]);
    });
  });
}
