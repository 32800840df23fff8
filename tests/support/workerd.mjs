// The built worker in workerd alone: addresses reach it byte by byte as they were sent.
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { basename, join, resolve } from "node:path";
import { compatibility, objects } from "../../edge-worker/runtime/settings.mjs";
import { freePorts, variables } from "./edge.mjs";
import { call } from "./http.mjs";
import { root } from "./paths.mjs";
import { until, within } from "./wait.mjs";

/** Starts it with the given keys, the platform's addresses, and the web build as its files. */
export async function startBareWorker({ keys, folder, hosts, site = {} }) {
  const home = join(folder, "bare");
  await mkdir(join(home, "objects"), { recursive: true });
  const modules = [];
  for (const [name, kind] of [["index.js", "esModule"], ["index_bg.wasm", "wasm"]]) {
    // Cap'n Proto embeds only what lies below the configuration.
    await copyFile(resolve(root, "edge-worker/build", name), join(home, name));
    modules.push(`(name = "${basename(name)}", ${kind} = embed "${name}")`);
  }
  const [port] = await freePorts(1);
  const text = JSON.stringify;
  const bindings = [
    '(name = "ASSETS", service = "assets")',
    ...Object.entries(variables({ keys, hosts, site })).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`),
    ...Object.entries(objects).map(([name, kind]) => `(name = "${name}", durableObjectNamespace = "${kind}")`),
  ];
  const namespaces = Object.values(objects).map((kind) => `(className = "${kind}", uniqueKey = "${kind}", enableSql = true)`);
  await writeFile(join(home, "config.capnp"), `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "assets", disk = ${text(resolve(root, "dist"))}),
    (name = "objects", disk = (path = ${text(join(home, "objects"))}, writable = true)),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [${modules.join(", ")}],
  compatibilityDate = ${text(compatibility.compatibilityDate)},
  compatibilityFlags = ${text(compatibility.compatibilityFlags)},
  bindings = [${bindings.join(", ")}],
  durableObjectNamespaces = [${namespaces.join(", ")}],
  durableObjectStorage = (localDisk = "objects"),
);
`, { mode: 0o600 });

  const child = spawn(resolve(root, "node_modules/.bin/workerd"), ["serve", join(home, "config.capnp")],
    // The npm wrapper is a process of its own; a group lets both be stopped.
    { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const kill = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // Gone already.
    }
  };
  process.once("exit", kill);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk) => (output += chunk));
  const exited = new Promise((done) => child.once("exit", done));
  const url = `http://127.0.0.1:${port}`;
  await until("workerd answers", async () => {
    if (child.exitCode !== null) throw new Error(`workerd ended: ${output}`);
    return (await call(url, "GET", "/health").catch(() => null))?.status === 200;
  });
  return {
    url,
    output: () => output,
    /** The process that runs the worker. */
    pid: () => child.pid,
    state: join(home, "objects"),
    async stop() {
      kill();
      process.off("exit", kill);
      await within("workerd ends", exited);
    },
  };
}
