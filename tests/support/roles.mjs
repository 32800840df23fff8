// Operators of every role at one worker.
//
// A worker that has just been set up knows one administrator. The others are copies of that session's row,
// written into the worker's storage while it is stopped; their cookies are signed with the root key.
import { createHash, randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startEdge } from "./edge.mjs";
import { Operator } from "./operator.mjs";
import { forge, read } from "./tokens.mjs";

/** All roles, the least first. */
export const ROLES = ["viewer", "analyst", "operator", "publisher", "admin"];

/**
 * Restarts the world's worker with a session for each of `wanted`: `{ role, pii, stepped }` by name, where
 * `stepped` says that presence was proved just now. Gives operators by the same names.
 */
export async function enrol(world, wanted, edgeOptions = {}) {
  const first = await Operator.signIn(world.edge.url, world.keys.setup);
  await world.edge.stop();
  const cookies = await addSessions(world.edge.state, world.keys.root, first.cookie, wanted);
  const { keys, folder, hosts } = world;
  world.edge = Object.assign(world.edge, await startEdge({ keys, folder, hosts, ...edgeOptions }));
  return Object.fromEntries(Object.entries(cookies).map(([name, cookie]) => [name, new Operator(world.edge.url, cookie)]));
}

/** Writes the sessions into a stopped worker's storage, like the one of `cookie`. Gives their cookies by name. */
export async function addSessions(state, root, cookie, wanted) {
  const claims = read(cookie.split("=")[1]);
  const sessions = {};
  for (const [name, is] of Object.entries(wanted)) sessions[name] = { ...is, session: randomBytes(16) };
  await withTable(state, "operator_session", (database) => {
    const own = database.prepare("SELECT * FROM operator_session").get();
    const names = Object.keys(own);
    const insert = database.prepare(`INSERT INTO operator_session (${names}) VALUES (${names.map(() => "?")})`);
    for (const [name, { role, pii = false, stepped = false, session }] of Object.entries(sessions)) {
      const hash = createHash("sha256").update(session).digest("base64url");
      const row = { ...own, hash, subject: name, role, pii: pii ? 1 : 0, stepped: stepped ? own.seen : null };
      insert.run(...names.map((column) => row[column]));
    }
  });
  return Object.fromEntries(Object.entries(sessions).map(([name, { session }]) =>
    [name, `__Host-perch=${forge(root, "po1", { ...claims, session })}`]));
}

/** Opens the stopped worker's storage that has the table. */
export async function withTable(folder, table, work) {
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith(".sqlite")) continue;
    const database = new DatabaseSync(join(folder, file));
    try {
      const found = database.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(table);
      if (found) return work(database);
    } finally {
      database.close();
    }
  }
  throw new Error(`no storage has ${table}`);
}
