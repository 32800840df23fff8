// Answers that are kept for a moment. What may be kept, under what name and how long, is Rust's to say.
//
// Texts and numbers only: nothing in here belongs to a request, so nothing ends with one. A caller who
// goes away does not end a fetch that others may be waiting for.
import { isolate, survive } from "./isolate.js";

/** Kept answers by name, the oldest first. */
const shelf = new Map();
/** Fetches under way by name. */
const leads = new Map();
let size = 0;

/** The answer for `wanted` from the shelf, from a fetch under way, or from a fetch of its own. */
export async function cached(job, wanted, produce) {
  const { name, fresh, stale } = wanted;
  const entry = shelf.get(name);
  const age = entry === undefined ? Infinity : Date.now() - entry.at;
  if (age < fresh) return served(job, entry, "hit");
  if (age < fresh + stale) {
    if (!leads.has(name)) lead(job, wanted, produce);
    return served(job, entry, "stale");
  }
  const ahead = leads.get(name);
  if (ahead !== undefined) {
    const shared = await joined(job, ahead);
    if (shared !== null) return served(job, shared, "shared");
    // It failed, was too large, or vanished with its caller: from here on everybody for themselves.
    if (leads.get(name) === ahead) leads.delete(name);
    job.note.cache = "miss";
    return produce(job);
  }
  const outcome = await lead(job, wanted, produce);
  job.note.cache = "miss";
  return typeof outcome === "string" ? outcome : { ...outcome, head: { ...outcome.head, "x-perch-cache": "miss" } };
}

/** Drops what is kept under a tag, and keeps nothing that is being fetched under it now. */
export function forget(tag) {
  for (const [name, entry] of shelf) if (entry.tag === tag) remove(name, entry);
  for (const ahead of leads.values()) if (ahead.tag === tag) ahead.spoiled = true;
}

function lead(job, { name, tag }, produce) {
  const ahead = { tag, spoiled: false, entry: null };
  const fetched = produce(job).then((outcome) => {
    const entry = keepable(job, outcome) ? { ...outcome, tag, at: Date.now() } : null;
    if (entry !== null && !ahead.spoiled) keep(name, entry);
    ahead.entry = ahead.spoiled ? null : entry;
    return outcome;
  });
  const settled = () => {
    if (leads.get(name) === ahead) leads.delete(name);
    return ahead.entry;
  };
  ahead.done = fetched.then(settled, settled);
  leads.set(name, ahead);
  job.note.waitUntil(ahead.done);
  return fetched;
}

async function joined(job, ahead) {
  try {
    return await job.watch.phase(ahead.done, job.limits.answer);
  } catch {
    return null;
  }
}

function keepable({ note }, outcome) {
  const { policy, flow } = isolate;
  if (typeof outcome === "string" || typeof outcome.body !== "string") return false;
  if (outcome.body.length > policy.cache.entry) return false;
  const { status, headers } = note.answer;
  const given = (name) => headers.get(name) ?? "";
  try {
    return flow.keeps(status, given("cache-control"), given("vary"), headers.has("set-cookie"));
  } catch {
    survive();
    return false;
  }
}

function keep(name, entry) {
  const { cache } = isolate.policy;
  remove(name, shelf.get(name));
  shelf.set(name, entry);
  size += entry.body.length;
  for (const [oldest, old] of shelf) {
    if (shelf.size <= cache.entries && size <= cache.total) break;
    remove(oldest, old);
  }
}

function remove(name, entry) {
  if (entry !== undefined && shelf.delete(name)) size -= entry.body.length;
}

function served({ note, incoming }, entry, how) {
  note.cache = how;
  const { head: kept, at } = entry;
  const head = { ...kept, "x-perch-cache": how, age: String(Math.max(0, Math.floor((Date.now() - at) / 1000))) };
  // Each answer has a name of its own; this exchange did not take place.
  delete head["x-polyai-correlation-id"];
  const { etag } = kept;
  if (etag !== undefined && matches(incoming.headers.get("if-none-match"), etag)) return { status: 304, head, body: null };
  return { status: entry.status, head, body: entry.body };
}

function matches(given, etag) {
  const plain = (tag) => tag.trim().replace(/^W\//, "");
  return given !== null && given.split(",").some((tag) => plain(tag) === plain(etag));
}
