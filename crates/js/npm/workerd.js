// For Cloudflare's runtime: wasm files are imported, compiled already.
import perchWasm from "./wasm/perch_bg.wasm";
import * as perchGlue from "./wasm/perch.js";
import chatWasm from "./wasm/chat_bg.wasm";
import * as chatGlue from "./wasm/chat.js";
import { perch, chat } from "./module.js";

perch.provide(async () => {
  perchGlue.initSync({ module: perchWasm });
  return perchGlue;
});
chat.provide(async () => {
  chatGlue.initSync({ module: chatWasm });
  return chatGlue;
});

export * from "./index.js";
