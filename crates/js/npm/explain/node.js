// For Node: the wasm files are read from the package.
import { readFile } from "node:fs/promises";
import initExplain, * as explainGlue from "../wasm/explain.js";
import { explain } from "../module.js";

explain.provide(async () => {
  await initExplain({ module_or_path: await readFile(new URL("../wasm/explain_bg.wasm", import.meta.url)) });
  return explainGlue;
});

export * from "./index.js";
