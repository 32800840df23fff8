// The chat on a page, as a visitor finds it: by role and name, not by class.
import assert from "node:assert/strict";
import { until } from "./wait.mjs";

export class Widget {
  constructor(page) {
    this.page = page;
    this.host = page.locator("perch-chat");
    this.launcher = this.host.locator("button").first();
    this.panel = this.host.getByRole("dialog");
    this.composer = this.panel.getByRole("textbox");
    this.log = this.panel.getByRole("log");
    this.banner = this.panel.locator(".banner.status");
    this.rows = this.log.locator("li[data-author]");
    this.chips = this.log.locator("ul.chips button");
    this.cards = this.log.locator(".cards > *");
  }

  /** Messages of one author: `visitor`, `agent` or `live`. */
  by(author) {
    return this.log.locator(`li[data-author=${author}]`);
  }

  async open() {
    await this.launcher.click();
    await this.panel.waitFor();
  }

  async say(text) {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** Waits until a message of `author` matches, and gives the last one that does. */
  async said(author, pattern) {
    return until(`${author} says ${pattern}`, async () => {
      const texts = await this.texts(author);
      return texts.findLast((text) => pattern.test(text));
    });
  }

  /** Waits for a notice. Its words stand in the panel and, for a moment, in the live region. */
  notice(text, options) {
    return this.panel.getByText(text).first().waitFor(options);
  }

  /** Waits until nobody is speaking: the last line has its time below it, and no dots dance. */
  async complete() {
    await this.rows.last().locator(".meta").waitFor();
    await this.log.locator(".typing").waitFor({ state: "hidden" });
  }

  texts(author) {
    return this.by(author).locator(".bubble").allInnerTexts();
  }

  /** Who said what, from top to bottom. */
  transcript() {
    return this.rows.evaluateAll((rows) =>
      rows.map((row) => `${row.dataset.author}: ${row.querySelector(".bubble")?.textContent.trim()}`));
  }

  async assertNothingTwice() {
    const spoken = (await this.transcript()).filter((line) => !line.endsWith(": "));
    assert.deepEqual([...new Set(spoken)], spoken);
  }

  /** Starts noting how long the newest answer is, at every change of the log. */
  watchGrowth() {
    return this.log.evaluate((log) => {
      window.growth = [];
      const note = () => {
        const text = [...log.querySelectorAll("li[data-author=agent] .bubble")].at(-1)?.textContent ?? "";
        if (window.growth.at(-1) !== text) window.growth.push(text);
      };
      new MutationObserver(note).observe(log, { subtree: true, childList: true, characterData: true });
    });
  }

  /** The texts seen while the answer that ends like `last` grew. */
  growth(last) {
    return this.page.evaluate((last) => window.growth.filter((text) => text && last.startsWith(text)), last);
  }
}
