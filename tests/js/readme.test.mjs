// The README's programs for servers, run as they stand there. Those for pages run in tests/browser/js.test.mjs.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { ACCOUNT, freePorts, PROJECT } from "../support/edge.mjs";
import { examples, install } from "../support/package.mjs";
import { until, within } from "../support/wait.mjs";
import { startWorld } from "../support/world.mjs";

const SECRET = "canary-signing-secret-of-the-readme";

let package_;
let perch;
let world;
let programs;
before(async () => {
  [package_, world, programs] = await Promise.all([install(), startWorld(), examples()]);
  perch = await package_.import();
});
after(async () => {
  await world?.stop();
  await package_?.remove();
});

/** Runs a program of the README with some of its words replaced. */
async function start(heading, { replace = [], args = [], env = {} } = {}) {
  let code = programs.get(heading);
  for (const [words, others] of replace) {
    assert.ok(code.includes(words), `"${heading}" has no ${words}`);
    code = code.replace(words, others);
  }
  const file = await package_.program(`${heading.replaceAll(/\W+/g, "-")}.mjs`, code);
  const child = spawn(process.execPath, [file, ...args], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const output = Promise.all([readText(child.stdout), readText(child.stderr)]);
  return { child, done: once(child, "exit").then(async ([code]) => ({ code, output: await output })) };
}

test("there are six, and each is run somewhere", () => {
  assert.deepEqual([...programs.keys()], [
    "Chat with a visitor, in a page",
    "List conversations as an operator, in a page of the worker",
    "Call the platform from a server",
    "Read a long list, and keep its recordings",
    "Verify webhook deliveries",
    "Find out why a delivery fails, in a page",
  ]);
});

test("a server calls the platform", async () => {
  const hosts = JSON.stringify(world.simulator.hosts);
  const replace = [['region: "us-1"', `hosts: ${hosts}`]];
  const env = { POLYAI_WORKSPACE_KEY: world.keys.platform.workspace };
  const credentials = { conversations: world.keys.platform.conversations };
  const client = perch.Client.direct({ hosts: world.simulator.hosts, credentials });
  const path = { account_id: ACCOUNT, project_id: PROJECT };
  const { conversations } = await client.call("conversations.v3.list", { path, query: { limit: 20 } });
  const { id, turns } = conversations.find(({ turns }) => turns?.length > 1);
  const found = await (await start("Call the platform from a server", { replace, env, args: [id] })).done;
  assert.deepEqual([found.code, found.output[1]], [0, ""]);
  assert.ok(found.output[0].includes(turns[1].user_input), found.output[0]);

  const missing = await (await start("Call the platform from a server", { replace, env, args: ["CA-none"] })).done;
  assert.equal(missing.code, 1);
  assert.match(missing.output[1], /404/);
  assert.ok(!missing.output.join().includes(env.POLYAI_WORKSPACE_KEY));
});

test("a server reads a long list and keeps its recordings", async () => {
  const replace = [['region: "us-1"', `hosts: ${JSON.stringify(world.simulator.hosts)}`]];
  const { workspace, conversations } = world.keys.platform;
  const env = { POLYAI_WORKSPACE_KEY: workspace, POLYAI_CONVERSATIONS_KEY: conversations };
  const folder = package_.folder;
  const heading = "Read a long list, and keep its recordings";
  const { code, output } = await (await start(heading, { replace, env, args: [ACCOUNT, PROJECT, folder] })).done;
  assert.deepEqual([code, output[1]], [0, ""]);
  const lines = output[0].trim().split("\n");
  assert.ok(lines.length > 0 && lines.length <= 10);
  for (const line of lines) {
    const [, id, bytes, total] = /^(\S+) audio\/wav\S* (\d+) of (\d+) bytes$/.exec(line);
    assert.deepEqual([Number(bytes), (await stat(join(folder, `${id}.wav`))).size], [Number(total), Number(total)], line);
  }
});

test("a server verifies deliveries", async () => {
  const [port] = await freePorts(1);
  const { child, done } = await start("Verify webhook deliveries", { env: { PORT: String(port), POLYAI_SIGNING_SECRET: SECRET } });
  try {
    const body = '{"event_type":"alerts.triggered","alert":{"id":"ar_1","name":"Slow turns"}}';
    const headers = await perch.signWebhook(SECRET, "evt_1", body);
    const send = (more, sent = body) => fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers: { ...headers, ...more }, body: sent });
    await until("the receiver listens", () => send({}).then(() => true, () => false));
    assert.equal((await send({})).status, 204);
    assert.equal((await send({}, `${body} `)).status, 401);
    assert.equal((await send({ "x-polyai-signature": "0".repeat(64) })).status, 401);
  } finally {
    child.kill();
  }
  const { output } = await within("the receiver ends", done);
  assert.deepEqual(output, ["alerts.triggered Slow turns\n", ""], "one line, although it was delivered twice");
});
