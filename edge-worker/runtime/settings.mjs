// What wrangler.toml says about the runtime, so that every local runtime is the one of production.
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";

const toml = parse(readFileSync(new URL("../wrangler.toml", import.meta.url), "utf8"));

// The simulator listens on this machine, where a deployed worker may not dial.
const PUBLIC_ONLY = "global_fetch_strictly_public";

export const compatibility = {
  compatibilityDate: toml.compatibility_date,
  compatibilityFlags: toml.compatibility_flags.filter((flag) => flag !== PUBLIC_ONLY),
};

/** The Durable Objects' classes by the names of their bindings; all of them keep SQLite. */
export const objects = Object.fromEntries(toml.durable_objects.bindings.map(({ name, class_name: kind }) => [name, kind]));

const stored = new Set(toml.migrations.flatMap((step) => step.new_sqlite_classes ?? []));
for (const kind of Object.values(objects)) {
  if (!stored.has(kind)) throw new Error(`wrangler.toml: no migration makes ${kind}`);
}
