// The package on Cloudflare's runtime, bundled as its tools do.
import assert from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { compatibility } from "../../edge-worker/runtime/settings.mjs";
import { install } from "../support/package.mjs";
import { startPlatform } from "../support/platform.mjs";

const PROGRAM = `
import { Client, PerchError, verifyWebhook, signWebhook } from "@perch-edge/client";
import { explainWebhook } from "@perch-edge/client/explain";

export default {
  async fetch(request, { HOST }) {
    const hosts = { build: HOST, platform: HOST, messaging: HOST, webrtc: HOST };
    const client = Client.direct({ hosts, credentials: { workspace: "canary-key" } });
    const path = { agentId: "A", conversationId: "CA1" };
    const get = (more) => client.call("conversations.get", { path, ...more });
    const code = (work) => work.then(() => "none", (error) => (error instanceof PerchError ? error.code : String(error)));
    const answer = await get();
    const moved = await code(client.call("conversations.get", { path: { ...path, conversationId: "moved" } }));
    const late = await code(client.call("conversations.get", { path: { ...path, conversationId: "late" }, timeout: 100 }));
    const headers = await signWebhook("secret", "evt_1", '{"event_type":"x"}');
    const { event } = await verifyWebhook({ headers, body: '{"event_type":"x"}' }, "secret");
    const { diagnosis } = await explainWebhook({ headers, body: '{"event_type":"x"}' }, [{ name: "other", secret: "s" }, { name: "own", secret: "secret", standing: "retired" }]);
    return Response.json({ answer, moved, late, event, diagnosis });
  },
};
`;

let package_;
let platform;
let runtime;
before(async () => {
  package_ = await install();
  platform = await startPlatform({
    answer(request, response) {
      if (request.url.endsWith("/late")) return true;
      const [status, headers] = request.url.endsWith("/moved") ? [302, { location: "/elsewhere" }] : [200, {}];
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify({ conversationId: request.headers["x-api-key"] === "canary-key" ? "CA1" : "no key" }));
      return true;
    },
  });
  const entry = await package_.program("worker.mjs", PROGRAM);
  const folder = join(package_.folder, "out");
  // Wasm stays a file of its own, which the runtime compiles before anything runs.
  const wasm = { name: "wasm", setup: ({ onResolve }) => onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: `./${path.split("/").pop()}`, external: true })) };
  await build({ entryPoints: [entry], outfile: join(folder, "worker.js"), bundle: true, format: "esm", conditions: ["workerd"], plugins: [wasm], logLevel: "warning" });
  await cp(join(package_.home, "wasm"), folder, { recursive: true, filter: (path) => !path.endsWith(".js") });
  const module = async (path, type) => ({ type, path: join(folder, path), contents: await readFile(join(folder, path)) });
  const script = await module("worker.js", "ESModule");
  runtime = new Miniflare(convertV4MiniflareOptions({
    ...compatibility,
    cf: false,
    modulesRoot: folder,
    modules: [
      { ...script, contents: script.contents.toString() },
      ...(await Promise.all(["perch", "stream", "sign", "chat", "explain"].map((name) => module(`${name}_bg.wasm`, "CompiledWasm")))),
    ],
    bindings: { HOST: platform.url },
  }));
});
after(async () => {
  await runtime?.dispose();
  await platform?.stop();
  await package_?.remove();
});

test("calls, redirects, time-outs, signatures and explanations", async () => {
  const answer = await runtime.dispatchFetch("http://worker.invalid/");
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  assert.deepEqual(JSON.parse(text), {
    answer: { conversationId: "CA1" },
    moved: "status_302",
    late: "timeout",
    event: { event_type: "x" },
    diagnosis: "retired_secret",
  });
  assert.ok(!platform.requests.some(({ url }) => url.includes("elsewhere")), "no redirect is followed");
});
