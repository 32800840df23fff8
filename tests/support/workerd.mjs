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
export function startBareWorker({ keys, folder, hosts, vars = {}, ...options }) {
  const build = (name) => resolve(root, "edge-worker/build", name);
  return startWorkerd(join(folder, "bare"), {
    modules: [[build("index.js"), "esModule"], [build("index_bg.wasm"), "wasm"]],
    vars: { ...variables({ keys, hosts, ...options }), ...vars },
    objects,
    ready: "/health",
  });
}

/** Starts workerd with one worker out of files; `ready` is a path that it answers with 200. */
export async function startWorkerd(home, { modules: files, vars, objects = {}, ready = "/" }) {
  await mkdir(join(home, "objects"), { recursive: true });
  const modules = [];
  for (const [file, kind] of files) {
    const name = basename(file);
    // Cap'n Proto embeds only what lies below the configuration.
    await copyFile(file, join(home, name));
    modules.push(`(name = "${name}", ${kind} = embed "${name}")`);
  }
  const [port] = await freePorts(1);
  const text = JSON.stringify;
  const bindings = [
    '(name = "ASSETS", service = "assets")',
    ...Object.entries(vars).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`),
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

  const child = spawn(program(), ["serve", join(home, "config.capnp")],
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
    return (await call(url, "GET", ready).catch(() => null))?.status === 200;
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

/** The native program of this machine: npm's wrapper would be another process. */
function program() {
  const arch = process.arch === "x64" ? "64" : process.arch;
  return resolve(root, `node_modules/@cloudflare/workerd-${process.platform}-${arch}/bin/workerd`);
}
