// Types against what really arrives: the simulated platform's answers, as values of the types for them.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { freshKeys } from "../support/keys.mjs";
import { install } from "../support/package.mjs";
import { root } from "../support/paths.mjs";
import { startSimulator } from "../support/simulator.mjs";

const run = promisify(execFile);

let package_;
let perch;
let simulator;
let client;
before(async () => {
  package_ = await install();
  perch = await package_.import();
  const keys = freshKeys();
  simulator = await startSimulator({ keys, folder: package_.folder });
  const { workspace, conversations, chat, chat_connector: token } = keys.platform;
  client = perch.Client.direct({ hosts: simulator.hosts, credentials: { workspace, conversations, chat: { key: chat, token } }, attempts: 1 });
});
after(async () => {
  await simulator?.stop();
  await package_?.remove();
});

/** What placeholders stand for in the simulated world; nothing where only an earlier answer knows. */
function places(path, known) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const found = names.map((name) => [name, known[name] ?? { account_id: ACCOUNT, accountId: ACCOUNT, project_id: PROJECT, projectId: PROJECT, agentId: PROJECT, branchId: "main" }[name]]);
  return found.every(([, value]) => value) ? Object.fromEntries(found) : null;
}

test("every answer that can be had by reading fits its type", async () => {
  const path = { account_id: ACCOUNT, project_id: PROJECT };
  const answers = new Map();
  const page = await client.call("conversations.v3.list", { path, query: { limit: 40 } });
  const conversationId = page.conversations[0].id;
  const begun = await client.call("chat.create", { path: { version: "v1", ...path } });
  answers.set("chat.create", begun);
  answers.set("conversations.v3.list", page);
  for (const row of await perch.operations()) {
    const own = row.method === "GET" && row.answers === "application/json" && row.required.length === 0 && places(row.path, { conversationId });
    if (!own || answers.has(row.id)) continue;
    // What the simulator does not serve, or no key here opens, is not looked at.
    await client.call(row.id, { path: own }).then((answer) => answers.set(row.id, answer), () => {});
  }
  for (const id of ["conversations.get", "agents.list"]) assert.ok(answers.has(id), `${id} is missing among ${[...answers.keys()]}`);

  const lines = [...answers].map(([id, answer], at) => `export const answer${at}: Answer<${JSON.stringify(id)}> = ${JSON.stringify(answer)};`);
  const file = await package_.program("answers.ts", `import type { Answer } from "@perch-edge/client";\n${lines.join("\n")}\n`);
  const tsc = resolve(root, "node_modules/typescript/bin/tsc");
  const options = ["--ignoreConfig", "--strict", "--noEmit", "--module", "nodenext", "--target", "es2022"];
  const { stdout } = await run(process.execPath, [tsc, ...options, file]).catch((error) => error);
  // Members that nobody documents are lawful, as in every answer.
  const faults = stdout.split("\n").filter((line) => line && !/TS2353.*'"turn_id"'/.test(line));
  assert.deepEqual(faults, [], `of ${[...answers.keys()]}`);
});
