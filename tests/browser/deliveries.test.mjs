// The simulator's page of alert rules, endpoints and deliveries: a sample goes out, by keyboard, and once more.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { DESKTOP, PHONE } from "../support/browser.mjs";
import { closePages, inspect, openPages } from "../support/pages.mjs";
import { until } from "../support/wait.mjs";

for (const look of [
  { size: DESKTOP, scheme: "light" },
  { size: PHONE, scheme: "dark" },
]) {
  describe(`deliveries at ${look.size.width}x${look.size.height}, ${look.scheme}`, () => {
    const on = { received: 0 };
    const station = (name) => inspect(on, `deliveries-${name}`);
    const make = async (path, body) => {
      const headers = { "x-api-key": on.keys.platform.workspace, "content-type": "application/json" };
      const init = { method: "POST", headers, body: JSON.stringify(body) };
      const answer = await fetch(`${on.simulator.hosts.build}${path}`, init);
      assert.equal(answer.status, 201, await answer.text());
    };

    before(async () => {
      await openPages(on, look);
      // Out of order at first, like receivers that are just being written.
      on.receiver = createServer((request, response) => {
        on.received += 1;
        request.resume().on("end", () => response.writeHead(on.received === 1 ? 400 : 204).end());
      }).listen(0, "127.0.0.1");
      await once(on.receiver, "listening");
    });
    after(async () => {
      await closePages(on);
      on.receiver?.close();
    });

    test("without rules and endpoints it says so", async () => {
      await on.page.goto(`${on.simulator.control}/webhooks`);
      await until("three tables are empty", async () => (await on.page.getByText("None yet.").count()) === 3);
      await station("empty");
    });

    test("a sample goes out, is refused, and goes out again", async () => {
      await make("/v1/alert-rules", {
        name: "Busy", metric: "call_volume", operator: ">", threshold_value: 20, window_duration: "5m",
      });
      const url = `http://127.0.0.1:${on.receiver.address().port}/hooks`;
      await make("/v1/webhook-endpoints", { name: "Pager", url, event_types: ["alerts.triggered", "alerts.resolved"] });
      await on.page.getByText("call_volume > 20 in 5m").waitFor();
      await on.page.getByRole("button", { name: "Sample alerts.triggered: Pager" }).focus();
      await on.page.keyboard.press("Enter");
      const rows = on.page.locator("#deliveries tr");
      await rows.filter({ hasText: "alerts.triggered" }).getByText("failed").waitFor();
      await on.page.getByRole("button", { name: "Again: delivery 1" }).click();
      await rows.getByText("delivered").waitFor();
      assert.equal(on.received, 2);
      await station("delivered");
    });
  });
}
