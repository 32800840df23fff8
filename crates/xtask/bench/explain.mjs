// How long an explanation of a failed webhook delivery takes in V8's wasm. Argument: the folder with
// wasm-bindgen's output. Prints JSON: the hypotheses tried, and the median in ms.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const WARM_UP = 10;
const ROUNDS = 31;
const folder = resolve(process.argv[2]);

const { initSync, hypotheses } = await import(pathToFileURL(join(folder, "explain.js")));
initSync({ module: readFileSync(join(folder, "explain_bg.wasm")) });
const times = [];
let tried = 0;
for (let round = 0; round < WARM_UP + ROUNDS; round++) {
  const begun = performance.now();
  tried = hypotheses();
  if (round >= WARM_UP) times.push(performance.now() - begun);
}
times.sort((a, b) => a - b);
console.log(JSON.stringify({ hypotheses: tried, ms: times[times.length >> 1] }));
