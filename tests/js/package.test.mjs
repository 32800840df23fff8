// The npm package as such: what is in it, what compilers make of its types.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { install } from "../support/package.mjs";
import { root } from "../support/paths.mjs";

const run = promisify(execFile);
const read = (path) => readFile(resolve(root, path), "utf8");

let package_;
before(async () => {
  package_ = await install();
});
after(() => package_?.remove());

test("it holds what its exports name, licences, and nothing from elsewhere", async () => {
  const files = package_.packed.files.map(({ path }) => path);
  const { exports, sideEffects, version, dependencies } = JSON.parse(await read("dist-npm/package.json"));
  const named = Object.values(exports).flatMap((entry) => (typeof entry === "string" ? entry : Object.values(entry)));
  for (const path of [...named, ...sideEffects, "./LICENSE-MIT", "./LICENSE-APACHE", "./README.md"]) {
    assert.ok(files.includes(path.slice(2)), `${path} is missing`);
  }
  assert.deepEqual(files.filter((path) => !/^(wasm\/|explain\/)?[\w-]+\.(d\.ts|js|wasm)$|^LICENSE-|^README\.md$|^package\.json$/.test(path)), []);
  assert.equal(dependencies, undefined, "it installs alone");
  assert.match(await read("Cargo.toml"), new RegExp(`^version = "${version.replaceAll(".", "\\.")}"$`, "m"));
});

test("what is declared is what is there", async () => {
  for (const [name, types] of [["@perch-edge/client", "index.d.ts"], ["@perch-edge/client/explain", "explain/index.d.ts"]]) {
    const text = await readFile(join(package_.home, types), "utf8");
    const declared = [...text.matchAll(/^export (?:class|function) (\w+)|^export \{ (\w+) \}/gm)].map(([, own, other]) => own ?? other);
    assert.deepEqual(Object.keys(await package_.import(name)).sort(), declared.sort());
  }
});

test("no wasm file knows the machine it was built on", async () => {
  for (const name of ["perch", "stream", "sign", "chat", "explain"]) {
    const text = (await readFile(join(package_.home, `wasm/${name}_bg.wasm`))).toString("latin1");
    assert.ok(!text.includes(root), name);
  }
});

test("a strict TypeScript project compiles, and every mistake in it is found", async () => {
  await cp(resolve(root, "crates/js/sample"), package_.folder, { recursive: true });
  const tsc = resolve(root, "node_modules/typescript/bin/tsc");
  const { stdout } = await run(process.execPath, [tsc, "--project", package_.folder]).catch((error) => error);
  assert.equal(stdout, "");
});
