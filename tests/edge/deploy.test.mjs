// The deployment's dry run, with the real wrangler and the built worker, without an account.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { root, simulatorProgram } from "../support/paths.mjs";

const run = promisify(execFile);
const KEY = "canary-workspace-key-of-the-environment";
const ANSWERS = `
name = "perch-trial"
visitor_host = "chat.example.com"
console_host = "console.example.com"
metrics = "perch_requests"

[vars]
PERCH_REGION = "us-1"

[[vars.PERCH_PROJECTS]]
name = "Shop"
account_id = "ws-1"
project_id = "PROJECT-1"
`;

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), "perch-deploy-"))));
after(() => rm(folder, { recursive: true, force: true }));

async function dryRun(answers) {
  const file = join(folder, "perch.toml");
  await writeFile(file, answers);
  const xtask = join(dirname(simulatorProgram), "xtask");
  const environment = { ...process.env, POLYAI_WORKSPACE_KEY: KEY };
  return run(process.env.PERCH_XTASK ?? xtask, ["deploy", "--dry-run", "--no-build", "--first", "--config", file], {
    cwd: root, env: environment,
  });
}

test("a dry run shows the plan, wrangler accepts it, and no secret is shown or written", async () => {
  const { stdout, stderr } = await dryRun(ANSWERS);
  for (const part of ["https://console.example.com", "VAULT        Durable Object Vault", "Analytics Engine perch_requests"]) {
    assert.ok(stdout.includes(part), `${part}\n${stdout}`);
  }
  assert.match(stdout, /POLYAI_WORKSPACE_KEY +[0-9a-f]{4}\n/);
  assert.match(stderr, /wrangler accepts it/);
  const config = await readFile(resolve(root, ".perch/deploy/perch-trial.json"), "utf8");
  assert.ok(![stdout, stderr, config].some((text) => text.includes(KEY)));
  assert.ok(!config.includes("PERCH_ROOT_KEY") && !config.includes("PERCH_SETUP_TOKEN"));
});

test("what the worker would not start with is not deployed, and named", async () => {
  const wrong = ANSWERS.replace('account_id = "ws-1"', 'account_id = "ws-1"\nsurprise = 1');
  await assert.rejects(dryRun(wrong), ({ stderr }) => stderr.includes("PERCH_PROJECTS"));
});
