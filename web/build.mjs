// Trunk's post_build hook: takes what Trunk left in its staging folder and gives it the layout the edge serves.
//
//   console/   index.html and its hashed files; no inline script, because the page's policy forbids them
//   widget/<hash>/widget.js, widget_bg.wasm   immutable; <hash> covers both
//   perch.js   the loader, with <hash> and both integrity values inside
//   sizes.json  bytes of everything browsers download: raw, gzip, brotli
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const web = dirname(fileURLToPath(import.meta.url));
const staging = process.env.TRUNK_STAGING_DIR;
if (!staging) throw new Error("web/build.mjs is run by `trunk build`, which names the staging folder");

const BROWSERS = ["chrome123", "firefox128", "safari17.5"];
const COMMON = { minify: true, target: BROWSERS, legalComments: "none", charset: "utf8", logLevel: "warning" };

const digest = (bytes) => createHash("sha256").update(bytes);
const shortHash = (...parts) => digest(Buffer.concat(parts)).digest("hex").slice(0, 10);
const integrity = (bytes) => `sha256-${digest(bytes).digest("base64")}`;
const css = (name) => readFile(join(web, name), "utf8");

const { hash, sri } = await widget();
await loader(hash, sri);
await console_();
await writeFile(join(staging, "sizes.json"), JSON.stringify(await sizes(), null, 2));

/** Bundles glue and panel styles into one script beside the wasm. */
async function widget() {
  const glue = join(staging, "perch-widget.js");
  const wasm = await readFile(join(staging, "perch-widget_bg.wasm"));
  const panelCss = await sheet(["ui/css/components.css", "widget/panel.css"]);
  const script = await bundle("widget/loader/panel.js", {
    plugins: [virtual({ "css/panel": panelCss }), alias("perch:glue", glue)],
    // The glue's default place of the wasm; the loader always says where it is.
    define: { "import.meta.url": '"invalid:"' },
  });
  const hash = shortHash(script, wasm);
  const folder = join(staging, "widget", hash);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "widget.js"), script);
  await rename(join(staging, "perch-widget_bg.wasm"), join(folder, "widget_bg.wasm"));
  await rm(glue);
  return { hash, sri: { script: integrity(script), wasm: integrity(wasm) } };
}

async function loader(hash, sri) {
  const script = await bundle("widget/loader/perch.js", {
    format: "esm",
    plugins: [virtual({ "css/shell": await sheet(["widget/loader/shell.css"]) })],
    define: {
      PERCH_HASH: JSON.stringify(hash),
      PERCH_JS_INTEGRITY: JSON.stringify(sri.script),
      PERCH_WASM_INTEGRITY: JSON.stringify(sri.wasm),
    },
  });
  // A block keeps names from the page as well as a function does, in fewer bytes.
  const text = Buffer.from(script).toString().trim();
  await writeFile(join(staging, "perch.js"), `{${text.replace(/\bvar /g, "let ")}}`);
}

/** Minifies the console's scripts and styles, moves inline scripts to files, then moves all into place. */
async function console_() {
  const home = join(staging, "console");
  await mkdir(home);
  for (const name of await readdir(staging)) {
    if (["console", "widget", "perch.js"].includes(name)) continue;
    const loader = { js: "js", css: "css" }[name.split(".").pop()];
    if (loader) {
      const path = join(staging, name);
      const { code } = await transform(await readFile(path, "utf8"), { ...COMMON, loader });
      await writeFile(path, code);
    }
    await rename(join(staging, name), join(home, name));
  }
  const page = join(home, "index.html");
  let html = await readFile(page, "utf8");
  for (const [whole, attributes, code] of html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)) {
    if (/\ssrc=/.test(attributes)) continue;
    const small = await transform(code, { ...COMMON, format: "esm" });
    const name = `boot-${shortHash(Buffer.from(small.code))}.js`;
    await writeFile(join(home, name), small.code);
    html = html.replace(whole, () => `<script${attributes} src="/console/${name}"></script>`);
  }
  // Trunk's integrity values are those of the files before they were minified.
  await writeFile(page, html.replace(/ integrity="[^"]*"/g, "").replace(/<!-- [^]*?-->\s*/g, ""));
}

async function bundle(entry, options) {
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: [join(web, entry)],
    bundle: true,
    format: "iife",
    write: false,
    ...options,
  });
  return outputFiles[0].contents;
}

/** Joins style files behind the tokens they use, minified, for a shadow root. */
async function sheet(names) {
  const rules = (await Promise.all(names.map(css))).join("\n");
  const joined = inlined(await css("ui/css/tokens.css"), rules);
  const { code } = await transform(joined, { ...COMMON, loader: "css" });
  // esbuild leaves the values of custom properties as they are.
  return code.trim().replace(/(--[\w-]+): /g, "$1:").replace(/:root\b[^,{]*,/g, "")
    .replace(/([(,]) | (?=\))/g, "$1").replace(/#([\da-f])\1([\da-f])\2([\da-f])\3\b/g, "#$1$2$3");
}

/**
 * Colours and fonts stay custom properties, for a page to set on the element; the other tokens are written out
 * where they are used. Those that nobody uses are left out.
 */
function inlined(tokens, rules) {
  const declaration = /(--perch-[\w-]+):\s*([^;]+);/g;
  const fixed = /^--perch-(space|radius|text|leading|shadow|ring|rem|fast|slow|ease)/;
  const values = new Map();
  // The element's own size of a rem comes last in the file, which is how it wins here as in CSS.
  const themed = tokens.replace(/@media[^]*$/, "").replace(declaration, (whole, name, value) => {
    if (!fixed.test(name)) return whole;
    values.set(name, value);
    return "";
  });
  const place = (text) => text.replace(/var\((--perch-[\w-]+)\)/g, (whole, name) =>
    values.has(name) ? place(values.get(name)) : whole);
  const placed = place(rules).replace(/calc\(([\d.]+) \* (\d+)px\)/g, (_, a, b) => `${a * b}px`);

  for (let kept = themed; ; ) {
    const fewer = kept.replace(declaration, (whole, name) =>
      new RegExp(`var\\(${name}[,)]`).test(placed + kept) ? whole : "");
    // Behind the rules, because the element's `all: initial` would take `color-scheme` back.
    if (fewer === kept) return placed + kept;
    kept = fewer;
  }
}

/** Makes `import text from "perch:<name>"` give one of the texts. */
function virtual(texts) {
  return {
    name: "perch-texts",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^perch:css\// }, ({ path }) => ({ path: path.slice(6), namespace: "perch" }));
      onLoad({ filter: /.*/, namespace: "perch" }, ({ path }) => ({ contents: texts[path], loader: "text" }));
    },
  };
}

function alias(from, to) {
  return {
    name: "perch-alias",
    setup: ({ onResolve }) => onResolve({ filter: new RegExp(`^${from}$`) }, () => ({ path: to })),
  };
}

async function sizes() {
  const found = [];
  for (const entry of await readdir(staging, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || basename(path) === "sizes.json") continue;
    const bytes = await readFile(path);
    found.push({
      file: path.slice(staging.length + 1),
      raw: bytes.length,
      gzip: gzipSync(bytes, { level: 9 }).length,
      brotli: brotliCompressSync(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      }).length,
    });
  }
  return found.sort((a, b) => a.file.localeCompare(b.file));
}
