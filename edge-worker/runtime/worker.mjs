// The worker in miniflare: the same workerd as in production, bindings on disk.
import { access, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { compatibility, objects } from "./settings.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Starts the worker. `config`: `port`, `host`, `assets`, `persist` (a directory, or absent for
 * memory only), `vars` (variables and secrets), `buckets` (names of bindings), perhaps `flood` (requests a
 * minute of the limiter PERCH_FLOOD) and, for tests, `build`, `metrics` (points are logged
 * instead of written) and `onLog`, which gets what the worker logs instead of the terminal.
 */
export async function startWorker(config) {
  const build = resolve(config.build ?? resolve(here, "../build"));
  const script = resolve(build, "index.js");
  const wasm = resolve(build, "index_bg.wasm");
  await access(script).catch(() => {
    throw new Error(`${script} is missing; run: cargo xtask build worker`);
  });
  const assets = config.assets && resolve(config.assets);
  if (assets) {
    await access(assets).catch(() => {
      throw new Error(`${assets} is missing; run: cargo xtask build web`);
    });
  }
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...compatibility,
      name: "perch-edge",
      host: config.host ?? "127.0.0.1",
      port: config.port ?? 0,
      // Certificate data of the client's connection would be fetched from the internet.
      cf: false,
      log: new Log(LogLevel.ERROR),
      ...(config.onLog ? { handleStructuredLogs: ({ message }) => config.onLog(message) } : {}),
      modules: [
        ...(config.metrics ? [await standIn(build)] : []),
        { type: "ESModule", path: script, contents: await readFile(script, "utf8") },
        { type: "CompiledWasm", path: wasm, contents: await readFile(wasm) },
      ],
      modulesRoot: build,
      bindings: config.vars ?? {},
      ...(config.flood ? { ratelimits: { PERCH_FLOOD: { namespace_id: "1", simple: { limit: config.flood, period: 60 } } } } : {}),
      durableObjects: Object.fromEntries(
        Object.entries(objects).map(([name, className]) => [name, { className, useSQLite: true }]),
      ),
      ...(config.buckets ? { r2Buckets: config.buckets } : {}),
      ...(config.persist ? { resourcePersistencePath: resolve(config.persist) } : {}),
      ...(assets
        ? {
            assets: {
              directory: assets,
              binding: "ASSETS",
              routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
              assetConfig: { html_handling: "none", not_found_handling: "none" },
            },
          }
        : {}),
    }),
  );
  try {
    const url = await miniflare.ready;
    const host = config.host ?? "localhost";
    const name = host === "127.0.0.1" || host === "0.0.0.0" ? "localhost" : host;
    return { origin: `http://${name}:${url.port}`, dispose: () => miniflare.dispose() };
  } catch (error) {
    await miniflare.dispose().catch(() => {});
    throw error;
  }
}

// Before the worker as the runtime's entry: an Analytics Engine that logs what it is given.
async function standIn(build) {
  const contents = await readFile(resolve(here, "metrics-stand-in.mjs"), "utf8");
  return { type: "ESModule", path: resolve(build, "metrics-stand-in.mjs"), contents };
}
