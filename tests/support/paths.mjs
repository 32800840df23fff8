// Where the tests find what they run, and where they leave what they made.
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";

export const root = process.env.PERCH_ROOT ?? resolve(import.meta.dirname, "../..");
export const simulatorProgram =
  process.env.PERCH_SIM_BIN ?? resolve(root, "target/debug/perch-simulator");
export const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

const output = process.env.PERCH_OUTPUT ?? resolve(root, "test-output");

/** A folder for test output, made when needed. */
export function outputFolder(name) {
  const folder = resolve(output, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
