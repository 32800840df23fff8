// The built worker in real workerd, configured with markers for keys.
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { PLATFORM_KEYS } from "./keys.mjs";
import { root } from "./paths.mjs";
import { start } from "./process.mjs";

/** The simulated workspace and its agent. */
export const ACCOUNT = "ws-7f3a9c21";
export const PROJECT = "PROJECT-4E5B8A10";
/** Where the shop's pages are in tests without a browser. */
export const SHOP = "https://shop.fernhill.example";
/** Another customer's site at the same edge. */
export const OTHER = "https://other.example:8443";

/**
 * Starts the worker. `hosts`: the platform's addresses; `demo`: also serves the shop's pages, whose
 * origin then is the site's; `vars`: overrides; `metrics`: points are logged.
 */
export async function startEdge({ keys, folder, hosts, demo = false, vars = {}, site = {}, metrics = false, build, flood, buckets }) {
  const [port, demoPort] = await freePorts(2);
  const edge = `http://localhost:${port}`;
  const origin = demo ? `http://localhost:${demoPort}` : SHOP;
  const config = {
    port,
    host: "127.0.0.1",
    assets: resolve(root, "dist"),
    persist: join(folder, "state"),
    metrics,
    build,
    flood,
    buckets,
    vars: { ...variables({ keys, hosts, origin, site }), ...vars },
    ...(demo ? { demo: { port: demoPort, dir: resolve(root, "web/demo"), edge } } : {}),
  };
  const file = join(folder, `edge-${port}.json`);
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  const script = resolve(root, "edge-worker/runtime/serve.mjs");
  const program = await start("edge", process.execPath, [script, "--config", file], root);
  return { ...program, url: program.ready.edge, demo: program.ready.demo, origin, state: config.persist };
}

/** The worker's variables and secrets, as text like every binding of the platform. */
export function variables({ keys, hosts, origin = SHOP, site = {} }) {
  const sites = [
    { id: "shop", origins: [origin], accent: "#1f6f54", ...site },
    { id: "other", origins: [OTHER], accent: "#123456" },
  ].map((one) => ({
    account_id: ACCOUNT,
    project_id: PROJECT,
    x_host: "shop.fernhill.example",
    title: "Fernhill Outfitters",
    agent_name: "Juno",
    streaming: true,
    sessions_per_minute: 100_000,
    ...one,
  }));
  const projects = [
    { name: "Fernhill Outfitters", account_id: ACCOUNT, project_id: PROJECT, region: "us-1" },
  ];
  const secrets = Object.entries(PLATFORM_KEYS).map(([short, name]) => [name, keys.platform[short]]);
  return {
    PERCH_REGION: "simulator",
    PERCH_SIMULATOR: JSON.stringify(hosts),
    PERCH_SITES: JSON.stringify(sites),
    PERCH_PROJECTS: JSON.stringify(projects),
    PERCH_ROOT_KEY: keys.root.toString("base64url"),
    PERCH_SETUP_TOKEN: keys.setup,
    PERCH_SETUP_EXPIRES: String(Math.floor(Date.now() / 1000) + 3_600),
    ...Object.fromEntries(secrets),
  };
}

/**
 * Ports that were free a moment ago. The demo's address must be known before the worker starts.
 *
 * They lie below those that the system gives away by itself, so that nobody is given one in between.
 */
export async function freePorts(count) {
  const ports = new Set();
  while (ports.size < count) {
    const port = 20_000 + randomInt(12_000);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
}

async function isFree(port) {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  await new Promise((done) => server.close(done));
  return true;
}
