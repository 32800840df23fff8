// The record taken away: whole, verifiable by anybody, cut by retention without a gap, noted elsewhere.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startEdge } from "../support/edge.mjs";
import { assertSecured } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { startPlatform } from "../support/platform.mjs";
import { enrol, withTable } from "../support/roles.mjs";
import { until } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const ROWS = 30;

let platform;
let world;
let admin;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform });
  const vars = { PERCH_AUDIT_ROWS: String(ROWS), PERCH_AUDIT_ANCHOR_SECONDS: "1" };
  ({ admin } = await enrol(world, { admin: { role: "admin", stepped: true } }, { vars, buckets: ["AUDIT_ANCHORS"] }));
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});

/** The hash of a row, written down once more. */
function digest(row) {
  const hash = createHash("sha256");
  const field = (bytes) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  const number = (size, value) => {
    const bytes = Buffer.alloc(size);
    if (size === 8) bytes.writeBigUInt64BE(BigInt(value));
    else bytes.writeUInt16BE(value);
    return bytes;
  };
  field(Buffer.from("perch audit v1"));
  field(number(8, row.seq));
  field(number(8, row.at));
  for (const name of ["phase", "action", "subject", "session", "role", "tenant", "target"]) field(Buffer.from(row[name]));
  field(number(2, row.status));
  field(Buffer.from(row.request));
  field(Buffer.from(row.previous));
  return hash.digest("hex");
}

async function exported() {
  const answer = await admin.get("/operator/audit/export");
  assert.equal(answer.status, 200, answer.text);
  assertSecured(answer);
  assert.equal(answer.headers["content-type"], "application/x-ndjson");
  assert.match(answer.headers["content-disposition"], /^attachment/);
  const [preface, ...rows] = answer.text.trimEnd().split("\n").map((line) => JSON.parse(line));
  return { preface, rows };
}

function assertWhole({ preface, rows }) {
  assert.equal(preface.format, "perch audit v1");
  let previous = null;
  for (const [at, row] of rows.entries()) {
    assert.equal(row.seq, preface.first + at);
    if (previous !== null) assert.equal(row.previous, previous);
    assert.equal(row.hash, digest(row), `row ${row.seq}`);
    previous = row.hash;
  }
  assert.deepEqual(preface.head, { seq: rows.at(-1).seq, hash: previous });
}

const note = () => admin.call("DELETE", "/operator/sessions", { body: '{"others":true}', headers: { "content-type": "application/json", "content-length": "15" } });

test("T94 an export is a whole chain, and holds the row of its own making", async () => {
  assert.equal((await note()).status, 200);
  const all = await exported();
  assertWhole(all);
  assert.deepEqual([all.rows[0].seq, all.rows[0].previous], [1, "0".repeat(64)]);
  assert.deepEqual([all.rows[0].action, all.rows[0].subject], ["sessions.open", "setup"]);
  assert.equal(all.rows.at(-1).action, "audit.export");
  const phases = all.rows.filter(({ action }) => action === "sessions.end").map(({ phase }) => phase);
  assert.deepEqual(phases, ["intent", "done"]);
});

test("T94 retention leaves a chain that begins where a checkpoint says, and the head is noted elsewhere", async () => {
  for (let at = 0; at < ROWS; at += 1) await note();
  const { preface, rows } = await until("old rows are gone", async () => {
    await note();
    const now = await exported();
    return now.preface.first > 1 ? now : null;
  });
  assertWhole({ preface, rows });
  const checkpoint = rows.find(({ action }) => action === "audit.checkpoint");
  assert.equal(checkpoint.target, `${preface.first - 1}:${rows[0].previous}`);

  const anchors = await until("the head is in the log", () => {
    const found = [...world.edge.output().matchAll(/audit anchor (\{[^}]*\})/g)].map(([, text]) => JSON.parse(text));
    return found.some(({ seq }) => seq >= preface.first && seq <= preface.head.seq) ? found : null;
  });
  for (const anchor of anchors.filter(({ seq }) => seq >= preface.first && seq <= preface.head.seq)) {
    assert.equal(anchor.hash, rows[anchor.seq - preface.first].hash);
  }
  const files = await readdir(world.edge.state, { recursive: true, withFileTypes: true });
  const blobs = files.filter((one) => one.isFile() && one.parentPath.includes("r2") && one.parentPath.includes("blobs"));
  const stored = await Promise.all(blobs.map(async (one) => JSON.parse(await readFile(join(one.parentPath, one.name), "utf8"))));
  assert.ok(stored.some(({ hash }) => hash === anchors.at(-1).hash || hash === anchors[0].hash), "and in the bucket");
});

test("T94 a row that was changed in storage shows in the next export", async () => {
  const { cookie } = admin;
  const { keys, folder, hosts } = world;
  await world.edge.stop();
  let touched;
  await withTable(world.edge.state, "entry", (database) => {
    ({ seq: touched } = database.prepare("SELECT max(seq) - 3 AS seq FROM entry").get());
    database.prepare("UPDATE entry SET subject = 'somebody else' WHERE seq = ?").run(touched);
  });
  Object.assign(world.edge, await startEdge({ keys, folder, hosts }));
  admin = new Operator(world.edge.url, cookie);
  const { rows } = await exported();
  const broken = rows.filter((row) => row.hash !== digest(row)).map(({ seq }) => seq);
  assert.deepEqual(broken, [touched]);
});
