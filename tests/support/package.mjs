// The npm package as its users have it: packed, and installed without a network.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { root } from "./paths.mjs";

const run = promisify(execFile);
const NAME = "@perch-edge/client";
/** The npm that comes with the pinned Node cannot be relied on; any will do for this. */
const npm = (folder, ...args) => run("npm", [...args, "--loglevel=error"], { cwd: folder, env: { ...process.env, npm_config_cache: join(folder, ".npm") } });

/** Packs and installs the package into a project of its own. */
export async function install() {
  const folder = await mkdtemp(join(tmpdir(), "perch-js-"));
  const { stdout } = await npm(folder, "pack", "--json", "--pack-destination", folder, resolve(root, "dist-npm"));
  const [packed] = [JSON.parse(stdout)].flat();
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "sample", private: true, type: "module" }));
  await npm(folder, "install", "--offline", "--no-audit", "--no-fund", join(folder, packed.filename));
  const home = join(folder, "node_modules", NAME);
  let counter = 0;
  return {
    folder,
    home,
    /** What `npm pack` took, with sizes. */
    packed,
    /** Imports from the project, through the package's own map of exports. */
    async import(name = NAME) {
      const file = join(folder, `import-${(counter += 1)}.js`);
      await writeFile(file, `export * from ${JSON.stringify(name)};\n`);
      return import(pathToFileURL(file).href);
    },
    /** Writes a program into the project and gives its path. */
    async program(name, text) {
      const file = join(folder, name);
      await mkdir(resolve(file, ".."), { recursive: true });
      await writeFile(file, text);
      return file;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The programs in the package's README, by the heading above each. */
export async function examples() {
  const readme = await readFile(resolve(root, "crates/js/README.md"), "utf8");
  const found = new Map();
  for (const [, heading, kind, code] of readme.matchAll(/^## (.+?)\n[^]*?^```(\w+)\n([^]*?)^```/gm)) {
    if (kind === "js" || kind === "ts") found.set(heading, code);
  }
  return found;
}
