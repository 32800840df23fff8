// Thousands of exchanges between hostile callers and a hostile platform, with a marker in every place for a key.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Canary, describeFinding, startWhole } from "../support/canary.mjs";
import { freshKeys } from "../support/keys.mjs";
import { startLeaky } from "../support/leaky.mjs";

const EXCHANGES = 2_000;
const SEED = Number(process.env.PERCH_SEED ?? 1);

async function withCanary(begin, work) {
  const folder = await mkdtemp(join(tmpdir(), "perch-canary-"));
  const keys = freshKeys();
  const canary = await Canary.start(SEED, async (hostile) => Object.assign(await begin({ keys, folder, hostile }), { keys }));
  try {
    return await work(canary);
  } finally {
    await canary.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

test("T30 T29 T31 T92 no exchange with a hostile platform shows a key in any spelling, and every refusal has its fixed shape", async (t) => {
  await withCanary(startWhole, async (canary) => {
    await canary.run(0, EXCHANGES);
    const rest = await canary.rest();
    const { exchanges, asked, sockets, bytes } = canary.counts;
    t.diagnostic(`${exchanges} exchanges of seed ${SEED}, ${asked} reached the platform, ${sockets} sockets, ${bytes} bytes looked through`);
    // A scan of nothing proves nothing.
    assert.ok(asked > EXCHANGES / 5 && sockets > EXCHANGES / 20 && bytes > 200 * EXCHANGES, "too little happened");
    assert.deepEqual(canary.faults.slice(0, 5), []);
    assert.deepEqual(canary.findings.slice(0, 5).map((one) => describeFinding(one, SEED)), []);
    assert.deepEqual(rest, [], "log and storage");
    assert.deepEqual(canary.strays.slice(0, 5).map((one) => describeFinding(one, SEED)), [], "what the platform was told");
  });
});

test("T30 the same scan of a worker that keeps no secret finds it in every place and every spelling", async () => {
  const begin = async ({ keys, folder, hostile }) => {
    const operators = { admin: "__Host-perch=po1.a.b.this-is-somebodys-cookie" };
    return Object.assign(await startLeaky({ keys, folder, platform: hostile.url }), { operators });
  };
  await withCanary(begin, async (canary) => {
    await canary.run(0, 600);
    const found = new Set([...canary.findings, ...(await canary.rest())].map(({ place, form }) => `${form} in ${place}`));
    const missing = [];
    for (const place of ["head", "body", "frames"]) {
      for (const form of ["raw", "\\u", "percent", "PERCENT", "base64+0", "base64+1", "base64+2", "url-encoded"]) {
        const seen = found.has(`${form} in ${place}`) || (place === "frames" && form.startsWith("base64+") && [0, 1, 2].some((at) => found.has(`base64+${at} in frames`)));
        if (!seen) missing.push(`${form} in ${place}`);
      }
    }
    for (const one of ["raw in body unpacked", "raw in close", "raw in log"]) if (!found.has(one)) missing.push(one);
    assert.deepEqual(missing, []);
    assert.ok([...found].some((one) => one.startsWith("raw in storage")));
    const secrets = new Set(canary.findings.map(({ secret }) => secret));
    assert.deepEqual(Object.keys(canary.worker.keys.platform).filter((name) => !secrets.has(name)), [], "every key is looked for");
    assert.deepEqual([...new Set(canary.strays.map(({ place }) => place))].sort(), ["a key too many", "to the platform"]);
  });
});
