// An operator's request on its way to the platform and back.
import { fixed, refuse } from "./answer.js";
import { cached, forget } from "./cache.js";
import { isolate } from "./isolate.js";
import { needles } from "./leaks.js";
import { receive } from "./receive.js";
import { LATE, Watch, send } from "./send.js";

/**
 * Sends a request on to the platform and its answer back. `order` is one line each for: method, address,
 * request id, limits, lane, what to keep or to drop, the number of credential headers; then all headers of
 * the edge's own, name and value, credentials last. `note` takes what is said about the request later.
 */
export async function forward(incoming, note, order, secure) {
  const lines = order.split("\n");
  const job = {
    incoming,
    note,
    method: lines[0],
    url: lines[1],
    id: lines[2],
    secure,
    limits: limitsOf(lines[3]),
    lane: Number(lines[4]),
    needles: needles(lines, Number(lines[6])),
    headers: {},
    body: undefined,
    // Why a body that is on its way cannot arrive: too large, or too slow.
    broken: null,
    again: false,
    watch: new Watch(),
  };
  const [verb, name, fresh, stale, tag] = lines[5].split(" ");
  if (job.lane % 2 === 1) note.breaker = "half_open";
  const { headers } = job;
  copy(isolate.policy.request.always, incoming.headers, headers);
  if (verb !== "keep" && job.method === "GET") copy(isolate.policy.request.get, incoming.headers, headers);
  for (let at = 7; at + 1 < lines.length; at += 2) headers[lines[at]] = lines[at + 1];
  if (verb === "keep") {
    return reply(job, await cached(job, { name, fresh: Number(fresh), stale: Number(stale), tag }, produce));
  }
  if (verb !== "drop") return reply(job, await produce(job));
  // Before and after: a list that was read in between may hold either state.
  forget(name);
  const outcome = await produce(job);
  forget(name);
  return reply(job, outcome);
}

/** One exchange: a refusal's name, or the answer's parts. Of the latter only a stream belongs to this request. */
async function produce(job) {
  const refusal = await load(job);
  if (refusal !== null) return refusal;
  const answer = await send(job);
  return typeof answer === "string" ? answer : receive(job, answer);
}

/** The answer for the caller. */
function reply({ id, secure }, outcome) {
  if (typeof outcome === "string") return refuse(outcome, id, secure);
  const { status, head, body } = outcome;
  const headers = fixed(id, secure);
  headers["cache-control"] = "private, no-store";
  for (const name in head) headers[name] = head[name];
  return new Response(body, { status, headers });
}

// Takes the caller's body along. A small one is read first: then it can be sent again, and a caller
// who dawdles is told so.
async function load(job) {
  const { incoming, limits, method, headers, watch } = job;
  job.again = limits.again;
  if (method === "GET" || incoming.body === null) return null;
  const given = incoming.headers;
  // What is packed cannot be judged by its length, and the platform is not told how.
  if (given.has("content-encoding")) return "packed";
  copy(isolate.policy.request.body, given, headers);
  const length = given.get("content-length");
  if (length !== null && Number(length) > limits.bytes) return "large";
  if (length !== null && Number(length) <= isolate.policy.small_bytes) {
    try {
      job.body = await watch.phase(incoming.arrayBuffer(), limits.body);
      return null;
    } catch (error) {
      return error === LATE ? "slow" : "broken";
    }
  }
  job.again = false;
  job.body = counted(incoming.body, job);
  return null;
}

function counted(stream, job) {
  let size = 0;
  job.broken = "slow";
  return stream.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        size += chunk.byteLength;
        if (size > job.limits.bytes) {
          job.broken = "large";
          controller.error(new Error("too large"));
        } else {
          controller.enqueue(chunk);
        }
      },
      flush() {
        job.broken = null;
      },
    }),
  );
}

function copy(names, from, to) {
  for (const name of names) {
    const value = from.get(name);
    if (value !== null) to[name] = value;
  }
}

// Few lines are distinct: one per class of operation.
const known = new Map();

function limitsOf(line) {
  let limits = known.get(line);
  if (limits === undefined) {
    const [body, answer, idle, total, bytes, again] = line.split(" ").map(Number);
    limits = { body, answer, idle, total, bytes, again: again === 1 };
    if (known.size > 100) known.clear();
    known.set(line, limits);
  }
  return limits;
}
