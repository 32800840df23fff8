// Builds the npm package into `dist-npm`: run by `cargo xtask build js`, which puts the pinned tools in the way.
//
//   wasm/perch.js, perch_bg.wasm       calls
//   wasm/stream.js, stream_bg.wasm     lists row by row, recordings
//   wasm/sign.js, sign_bg.wasm         signed deliveries, context tokens
//   wasm/chat.js, chat_bg.wasm         chats
//   wasm/explain.js, explain_bg.wasm   explanations of failed deliveries
//   everything else                    crates/js/npm as it is, README.md, licences
import { execFileSync } from "node:child_process";
import { cp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const staging = join(root, "dist-npm.new");
const profile = "wasm-release";

const CRATES = { perch: "perch-js", stream: "perch-js-stream", sign: "perch-js-sign", chat: "perch-js-chat", explain: "perch-js-explain" };
const OPTIMISE = ["-Oz", "--one-caller-inline-max-function-size=20", "--converge", "--strip-debug", "--strip-producers"];

/** Node 22 has WebSockets and no CloseEvent, without which a socket let go would still call back into wasm. */
const CLOSE_EVENT = `const CloseEvent = globalThis.CloseEvent ?? class extends Event {
  constructor(type, { code = 0, reason = "" } = {}) {
    super(type);
    Object.assign(this, { code, reason, wasClean: true });
  }
};`;

const run = (program, ...args) => execFileSync(program, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });

const cargo = process.env.CARGO ?? "cargo";
const { target_directory: target } = JSON.parse(run(cargo, "metadata", "--no-deps", "--offline", "--format-version", "1"));
const packages = Object.values(CRATES).flatMap((name) => ["--package", name]);
run(cargo, "build", "--locked", "--profile", profile, "--target", "wasm32-unknown-unknown", ...packages);

await rm(staging, { recursive: true, force: true });
await cp(join(here, "npm"), staging, { recursive: true });
for (const name of ["README.md", "../../LICENSE-MIT", "../../LICENSE-APACHE"]) {
  await cp(join(here, name), join(staging, name.split("/").pop()));
}
const wasm = join(staging, "wasm");
for (const [name, crate] of Object.entries(CRATES)) {
  const built = join(target, "wasm32-unknown-unknown", profile, `${crate.replaceAll("-", "_")}.wasm`);
  run("wasm-bindgen", "--target", "web", "--no-typescript", "--out-dir", wasm, "--out-name", name, built);
  const file = join(wasm, `${name}_bg.wasm`);
  run("wasm-opt", ...OPTIMISE, file, "-o", file);
  const glue = join(wasm, `${name}.js`);
  const text = await readFile(glue, "utf8");
  const whole = text.includes("CloseEvent") ? `${CLOSE_EVENT}\n${text}` : text;
  const { code } = await transform(whole, { minify: true, format: "esm", target: "es2022" });
  await writeFile(glue, code);
}
// All of it or nothing: a half-built package would look like a whole one.
await rm(join(root, "dist-npm"), { recursive: true, force: true });
await rename(staging, join(root, "dist-npm"));
