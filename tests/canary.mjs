// A long run of the canary exchanges, started by `cargo xtask canary`: [--exchanges N] [--seed S] [--only NUMBER]
//
// Every credential is a unique marker; no byte that comes out of the worker may hold one, in any spelling.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Canary, describeFinding, startWhole } from "./support/canary.mjs";
import { freshKeys } from "./support/keys.mjs";

const { values } = parseArgs({ options: { exchanges: { type: "string", default: "100000" }, seed: { type: "string", default: "1" }, only: { type: "string" } } });
const seed = Number(values.seed);
const folder = await mkdtemp(join(tmpdir(), "perch-canary-"));
const canary = await Canary.start(seed, async (hostile) => {
  const keys = freshKeys();
  return Object.assign(await startWhole({ keys, folder, hostile }), { keys });
});
const begun = Date.now();
const seen = new Set();
let failed = true;
try {
  const [from, to] = values.only ? [Number(values.only), Number(values.only) + 1] : [0, Number(values.exchanges)];
  await canary.run(from, to, (number) => {
    for (const finding of [...canary.findings, ...canary.strays].filter((one) => one.number === number)) {
      // One of a kind is enough to look at.
      const kind = [finding.plane, finding.place, finding.secret, finding.form].join();
      if (!seen.has(kind)) console.log(describeFinding(finding, seed));
      seen.add(kind);
    }
    if (values.only) console.log(canary.hostile.seen, canary.hostile.did);
    for (const { about, wrong } of canary.faults.filter((one) => one.number === number)) console.log(`exchange ${number}: ${wrong} (${about})`);
  });
  const rest = await canary.rest();
  const { exchanges, asked, bytes, sockets, frames } = canary.counts;
  const found = canary.total() + rest.length;
  for (const { secret, form, place } of rest) console.log(`${secret} as ${form} in ${place}`);
  console.log(Object.fromEntries([...canary.statuses].sort()));
  console.log(`${exchanges} exchanges in ${Math.round((Date.now() - begun) / 1000)} s, ${asked} reached the platform, ${sockets} sockets with ${frames} frames, `
    + `${bytes} bytes looked through, ${found} findings`);
  failed = found > 0;
} finally {
  await canary.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
