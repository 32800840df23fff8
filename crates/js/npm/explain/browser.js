// For pages, and for bundlers that follow `new URL`.
import initExplain, * as explainGlue from "../wasm/explain.js";
import { explain } from "../module.js";

explain.provide(async () => {
  await initExplain({ module_or_path: new URL("../wasm/explain_bg.wasm", import.meta.url) });
  return explainGlue;
});

export * from "./index.js";
