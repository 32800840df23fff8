// The JavaScript half of the runtime glue: what must outlive a trap of the wasm instance.
//
// Rust decides, this file carries out. Proxied bodies and sockets are owned here, so they go on when
// a panic elsewhere poisons or replaces the instance. Nothing here chooses a host, a header or a text:
// those come from Rust in `arm`, once per instance.

export const isolate = { exports: null, policy: null, judge: null, mask: null, signal: null, flow: null, secret: null, panics: 0, tasks: new Map(), count: 0, sockets: 0 };

// A task in Rust never runs longer than its time-outs allow; an older entry was cancelled with its client.
const TASK_MS = 120_000;
// Each panic leaks what its frames held. At this many the instance is replaced even while busy.
const PANICS_MAX = 200;

/** Takes what this file needs from a fresh instance. Called by the first request it serves. */
export function arm(exports, policy, judge, signal, flow) {
  isolate.exports = exports;
  isolate.judge = judge;
  // Of the instance before; the new one brings its own when it first masks something.
  isolate.mask = null;
  isolate.signal = signal;
  isolate.flow = flow;
  isolate.policy = JSON.parse(policy);
  isolate.secret = new RegExp(isolate.policy.secret, "i");
  isolate.base = Object.fromEntries(isolate.policy.always);
  isolate.secure = Object.fromEntries([...isolate.policy.always, isolate.policy.strict]);
  isolate.panics = 0;
  isolate.tasks.clear();
  // worker-build's shim replaces the instance, and with it every request in flight, as soon as this
  // flag is set. The flag becomes a question instead: is there a reason, and is nothing running?
  Object.defineProperty(globalThis.__worker_init_state, "criticalError", {
    configurable: true,
    get: () => isolate.panics >= PANICS_MAX || (isolate.panics > 0 && idle()),
    set: () => {},
  });
}

/** Runs one step of Rust; false when it trapped. The frames above this call stay sound. */
export function shield(step) {
  try {
    step();
    return true;
  } catch {
    survive();
    return false;
  }
}

/** Notes that Rust waits for something, so that the instance is not replaced under it. */
export function begin() {
  isolate.count += 1;
  isolate.tasks.set(isolate.count, Date.now());
  return isolate.count;
}

/** Takes the note back. */
export function finish(task) {
  isolate.tasks.delete(task);
}

function idle() {
  const limit = Date.now() - TASK_MS;
  for (const [task, since] of isolate.tasks) {
    if (since < limit) isolate.tasks.delete(task);
  }
  return isolate.tasks.size === 0;
}

/** Goes on after a trap. */
export function survive() {
  isolate.panics += 1;
  // The generated glue marks the instance as terminated at a trap; only the trapped task is.
  const { memory, __instance_terminated: flag } = isolate.exports;
  if (flag) new Int32Array(memory.buffer)[flag.value >> 2] = 0;
}

/** What routing needs to know of a request, in one string: each crossing into wasm costs. */
export function describe(request) {
  const { headers } = request;
  const given = (name) => headers.get(name) ?? "";
  return `${request.method}\n${request.url}\n${given("cookie")}\n${given("origin")}\n${given("sec-fetch-site")}\n${given("x-perch")}\n${given("x-polyai-correlation-id")}\n${given("x-perch-account")}\n${given("traceparent")}`;
}

/** Hands the facts about a request to its note. */
export function tell(note, facts) {
  note.facts = facts;
}

/** What this isolate has counted, as JSON. */
export function counted(note, hosts) {
  return note.counted({ sockets: isolate.sockets, panics: isolate.panics, hosts: JSON.parse(hosts) });
}
