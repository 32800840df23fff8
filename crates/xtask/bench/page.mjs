// A race in Chromium over a page of 1,000 conversations: the typed decoder against JSON.parse of the same bytes.
// Argument: the folder with wasm-bindgen's output. Prints JSON: bytes, rows, turns, and what both take in ms.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "../../../tests/support/browser.mjs";
import { ACCOUNT, PROJECT } from "../../../tests/support/edge.mjs";
import { freshKeys } from "../../../tests/support/keys.mjs";
import { startSimulator } from "../../../tests/support/simulator.mjs";

const ROWS = 1_000;
const ORIGIN = "http://bench.example";
const [program] = process.argv.slice(2);

const body = await conversations();
const browser = await launch();
try {
  const page = await (await browser.newContext()).newPage();
  const files = {
    "/": ["text/html", "<!doctype html><title>bench</title>"],
    "/page.js": ["text/javascript", await readFile(join(program, "page.js"))],
    "/page_bg.wasm": ["application/wasm", await readFile(join(program, "page_bg.wasm"))],
    "/body": ["application/json", body],
  };
  await page.route(`${ORIGIN}/**`, (route) => {
    const [contentType, content] = files[new URL(route.request().url()).pathname];
    return route.fulfill({ contentType, body: content });
  });
  await page.goto(`${ORIGIN}/`);
  console.log(JSON.stringify({ bytes: body.length, ...(await page.evaluate(race)) }));
} finally {
  await browser.close();
}

/** The page as the simulated platform sends it, with turns and latencies. */
async function conversations() {
  const folder = await mkdtemp(join(tmpdir(), "perch-bench-"));
  const keys = freshKeys();
  const simulator = await startSimulator({ keys, folder, conversations: ROWS * 2 });
  try {
    const url = `${simulator.hosts.platform}/v3/${ACCOUNT}/${PROJECT}/conversations?limit=${ROWS}&include_latency=true`;
    const answer = await fetch(url, { headers: { "x-api-key": keys.platform.conversations } });
    if (!answer.ok) throw new Error(`simulator: ${answer.status} ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  } finally {
    await simulator.stop();
    await rm(folder, { recursive: true });
  }
}

/**
 * Runs in the page: rounds in turns, so that other load hits both alike. Both begin with the bytes as fetch gives
 * them. The typed side counts copying them into the program's memory, looking at their encoding, reading, and
 * dropping what was read, with the allocator that Rust has on wasm as a rule. The other side counts making
 * a text of them and parsing it; what it leaves behind is the collector's, which works whenever it likes: a round
 * reads several times without a break, so that what it collects has to count.
 */
async function race() {
  const WARM_UP = 8;
  const ROUNDS = 41;
  const READS = 8;
  const { default: init, rows } = await import("/page.js");
  await init();
  const bytes = new Uint8Array(await (await fetch("/body")).arrayBuffer());
  const sides = {
    typed: () => rows(bytes),
    parse: () => JSON.parse(new TextDecoder().decode(bytes)),
  };
  const [count, turns] = sides.typed();
  if (count !== sides.parse().conversations.length) throw new Error("the two do not read the same");

  const times = { typed: [], parse: [] };
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const order = Object.keys(sides);
    if (round % 2) order.reverse();
    for (const side of order) {
      const begun = performance.now();
      for (let read = 0; read < READS; read++) sides[side]();
      if (round >= WARM_UP) times[side].push((performance.now() - begun) / READS);
    }
    await new Promise((done) => setTimeout(done, 5));
  }
  // The round whose ratio is in the middle: under load whole rounds are slow, but both sides of them.
  const rounds = times.typed.map((typed, at) => ({ typed, parse: times.parse[at] }));
  rounds.sort((a, b) => a.typed / a.parse - b.typed / b.parse);
  return { rows: count, turns, ...rounds[ROUNDS >> 1] };
}
