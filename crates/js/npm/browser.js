// For pages, and for bundlers that follow `new URL`.
import initPerch, * as perchGlue from "./wasm/perch.js";
import initStream, * as streamGlue from "./wasm/stream.js";
import initSign, * as signGlue from "./wasm/sign.js";
import initChat, * as chatGlue from "./wasm/chat.js";
import { perch, stream, sign, chat } from "./module.js";

perch.provide(async () => {
  await initPerch({ module_or_path: new URL("./wasm/perch_bg.wasm", import.meta.url) });
  return perchGlue;
});
stream.provide(async () => {
  await initStream({ module_or_path: new URL("./wasm/stream_bg.wasm", import.meta.url) });
  return streamGlue;
});
sign.provide(async () => {
  await initSign({ module_or_path: new URL("./wasm/sign_bg.wasm", import.meta.url) });
  return signGlue;
});
chat.provide(async () => {
  await initChat({ module_or_path: new URL("./wasm/chat_bg.wasm", import.meta.url) });
  return chatGlue;
});

export * from "./index.js";
