// For Cloudflare's runtime: wasm files are imported, compiled already.
import perchWasm from "./wasm/perch_bg.wasm";
import * as perchGlue from "./wasm/perch.js";
import streamWasm from "./wasm/stream_bg.wasm";
import * as streamGlue from "./wasm/stream.js";
import signWasm from "./wasm/sign_bg.wasm";
import * as signGlue from "./wasm/sign.js";
import chatWasm from "./wasm/chat_bg.wasm";
import * as chatGlue from "./wasm/chat.js";
import { perch, stream, sign, chat } from "./module.js";

perch.provide(async () => {
  perchGlue.initSync({ module: perchWasm });
  return perchGlue;
});
stream.provide(async () => {
  streamGlue.initSync({ module: streamWasm });
  return streamGlue;
});
sign.provide(async () => {
  signGlue.initSync({ module: signWasm });
  return signGlue;
});
chat.provide(async () => {
  chatGlue.initSync({ module: chatWasm });
  return chatGlue;
});

export * from "./index.js";
