// A world, a page and a chat for tests that follow each other, and the console's parts by role.
import { after, before } from "node:test";
import { assertAccessible, launch, openContext, screenshot } from "./browser.mjs";
import { Widget } from "./widget.mjs";
import { startWorld } from "./world.mjs";

/** In every wording of the answer about returns, and nowhere else. */
export const RETURNS = /60 days[^]*working days/;
/** A word that no other conversation has. */
export const WORD = "zephyrine";

/** Sets the stage before the tests of a suite, and clears it after. */
export function stage(look, options = {}) {
  const on = {};
  before(async () => {
    on.world = await startWorld({ demo: true, conversations: 600, ...options });
    on.browser = await launch();
    Object.assign(on, await openContext(on.browser, look));
    on.edge = on.world.edge.url;
    on.shop = on.world.edge.demo;
    on.simulator = on.world.simulator;
    on.page = await on.context.newPage();
    on.chat = new Widget(on.page);
    /** Takes a picture and lets axe look. */
    on.station = async (name, page = on.page) => {
      await screenshot(page, on.label, name);
      await assertAccessible(page, `${on.label} ${name}`);
    };
  });
  after(async () => {
    await on.browser?.close();
    await on.world?.stop();
  });
  return on;
}

/** Signs in with the one-time link and shows the list. */
export async function signIn({ context, edge, world }) {
  const page = await context.newPage();
  await page.goto(`${edge}/console/#setup=${world.keys.setup}`);
  await rows(page).first().waitFor();
  return page;
}

export const rows = (page) => page.getByRole("list", { name: "Conversations" }).getByRole("link");
export const transcript = (page) => page.getByRole("list", { name: "Transcript" });
export const turnOf = (page, text) => transcript(page).getByRole("listitem").filter({ hasText: text }).first();

export async function search(page, words) {
  const field = page.getByRole("searchbox", { name: "Search transcripts" });
  await field.fill(words);
  await field.press("Enter");
}

/** Ends the chat by the menu's button and the question after it. */
export async function endChat(chat) {
  await chat.panel.getByRole("button", { name: "End chat" }).first().click();
  const question = chat.panel.getByRole("group", { name: /end this chat/ });
  await question.getByRole("button", { name: "End chat" }).click();
  await chat.notice("The chat has ended.");
}
