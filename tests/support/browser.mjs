// Chromium, and a page that is watched: whatever it complains about fails the test.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { chromium as launcher } from "playwright-core";
import { chromium, outputFolder, root } from "./paths.mjs";

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** Success criteria of WCAG 2.2 at A and AA, and what axe holds for good practice. */
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const axe = await readFile(resolve(root, "node_modules/axe-core/axe.min.js"), "utf8");

export const launch = () =>
  launcher.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

/** A browser context of one size and colour scheme, with everything its pages do noted. */
export async function openContext(browser, { size = DESKTOP, scheme = "light", ...options } = {}) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: scheme,
    locale: "en-GB",
    timezoneId: "Europe/London",
    hasTouch: size === PHONE,
    isMobile: size === PHONE,
    ...options,
  });
  context.setDefaultTimeout(20_000);
  const watch = { errors: [], requests: [], expected: [] };
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  context.on("request", (request) => watch.requests.push({ url: request.url(), kind: request.resourceType() }));
  context.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    const { url = "" } = message.location();
    watch.errors.push(`${message.type()}: ${message.text()} (${url})`);
  });
  context.on("weberror", (error) => watch.errors.push(`exception: ${error.error().stack}`));
  return {
    context,
    watch,
    label: `${size.width}x${size.height}-${scheme}`,
    /** Fails for every complaint that matches none of `expected`. */
    assertQuiet(expected = []) {
      const surprises = watch.errors.filter((text) => !expected.some((pattern) => pattern.test(text)));
      assert.deepEqual(surprises, []);
    },
  };
}

/** What the browser itself says about a connection that a test cut. */
export const CUT = [/WebSocket connection to .* failed/, /net::ERR_INTERNET_DISCONNECTED/];

/** axe without a single violation, anywhere on the page or within `selector`. */
export async function assertAccessible(page, station) {
  const found = await page.evaluate(`(() => {
    ${axe};
    return axe.run(document, { runOnly: ${JSON.stringify(AXE_TAGS)}, resultTypes: ["violations"] })
      .then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target, failureSummary }) => ({ id, help, target: target.flat().join(" "), failureSummary }))));
  })()`);
  assert.deepEqual(found, [], `axe at ${station}: ${JSON.stringify(found, null, 1)}`);
}

/** A picture of a station, named after size, scheme and station. */
export function screenshot(page, label, station) {
  return page.screenshot({ path: join(outputFolder("screens"), `${label}-${station}.png`), animations: "disabled" });
}
