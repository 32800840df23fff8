// For Cloudflare's runtime: wasm files are imported, compiled already.
import explainWasm from "../wasm/explain_bg.wasm";
import * as explainGlue from "../wasm/explain.js";
import { explain } from "../module.js";

explain.provide(async () => {
  explainGlue.initSync({ module: explainWasm });
  return explainGlue;
});

export * from "./index.js";
