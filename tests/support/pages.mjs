// The simulator's own pages: a simulator and a browser with one page, for tests of one look.
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertAccessible, launch, openContext, screenshot } from "./browser.mjs";
import { freshKeys } from "./keys.mjs";
import { startSimulator } from "./simulator.mjs";

/** Puts keys, simulator, browser and page into `on`. */
export async function openPages(on, look) {
  on.folder = await mkdtemp(join(tmpdir(), "perch-pages-"));
  on.keys = freshKeys();
  on.simulator = await startSimulator({ keys: on.keys, folder: on.folder });
  on.browser = await launch();
  Object.assign(on, await openContext(on.browser, look));
  on.page = await on.context.newPage();
}

/** Takes a picture, and lets axe look at the page. */
export async function inspect(on, name) {
  await screenshot(on.page, on.label, name);
  await assertAccessible(on.page, `${on.label} ${name}`);
}

/** Ends what `openPages` began, also when that failed midway. */
export async function closePages(on) {
  await on.browser?.close();
  await on.simulator?.stop();
  if (on.folder) rmSync(on.folder, { recursive: true, force: true });
}
