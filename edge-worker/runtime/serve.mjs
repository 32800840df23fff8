// Runs the built worker locally in workerd, with the console's files, and a demo shop on a port of
// its own: another origin, as on a customer's site.
//
//   node edge-worker/runtime/serve.mjs --config FILE.json
//
// Prints one JSON line when ready. Stops on SIGINT, SIGTERM, and when its standard input closes.
// Contacts nothing but what the configuration names.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { serveDemo } from "./demo.mjs";
import { startWorker } from "./worker.mjs";

const { values } = parseArgs({ options: { config: { type: "string" } } });
if (!values.config) fail("--config FILE.json is missing");
const config = JSON.parse(await readFile(values.config, "utf8"));

const worker = await startWorker(config).catch((error) => fail(`worker: ${error.message}`));
const demo = config.demo
  ? await serveDemo(config.demo).catch((error) => fail(`demo shop: ${error.message}`))
  : null;

let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  demo?.close();
  await worker.dispose().catch(() => {});
  process.exit(0);
}
// Miniflare's own handlers would end this process before the worker has stopped.
process.removeAllListeners("SIGINT").removeAllListeners("SIGTERM");
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
// Whoever started this may have been killed without a word; its end of the pipe closes then.
process.stdin.on("end", stop).on("close", stop).on("error", stop).resume();

console.log(JSON.stringify({ ready: true, edge: worker.origin, demo: demo?.origin ?? null }));

function fail(message) {
  console.error(message);
  process.exit(1);
}
