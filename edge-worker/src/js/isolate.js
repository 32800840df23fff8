// The JavaScript half of the runtime glue: what must outlive a trap of the wasm instance.
//
// Rust decides, this file carries out. Proxied bodies and sockets are owned here, so they go on when
// a panic elsewhere poisons or replaces the instance. Nothing here chooses a host, a header or a text:
// those come from Rust in `arm`, once per instance.

const isolate = { exports: null, policy: null, judge: null, panics: 0, tasks: new Map(), count: 0, sockets: 0 };

// A task in Rust never runs longer than its time-outs allow; an older entry was cancelled with its client.
const TASK_MS = 120_000;
// Each panic leaks what its frames held. At this many the instance is replaced even while busy.
const PANICS_MAX = 200;
const END = "EVENT_TYPE_SESSION_END";
const BATCH = "EVENT_TYPE_EVENT_BATCH";
const BATCH_DEPTH = 8;

/** Takes what this file needs from a fresh instance. Called by the first request it serves. */
export function arm(exports, policy, judge) {
  isolate.exports = exports;
  isolate.judge = judge;
  isolate.policy = JSON.parse(policy);
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

function survive() {
  isolate.panics += 1;
  // The generated glue marks the instance as terminated at a trap; only the trapped task is.
  const { memory, __instance_terminated: flag } = isolate.exports;
  if (flag) new Int32Array(memory.buffer)[flag.value >> 2] = 0;
}

/** What routing needs to know of a request, in one string: each crossing into wasm costs. */
export function describe(request) {
  const { headers } = request;
  const given = (name) => headers.get(name) ?? "";
  return `${request.method}\n${request.url}\n${given("cookie")}\n${given("origin")}\n${given("sec-fetch-site")}\n${given("x-perch")}\n${given("x-polyai-correlation-id")}`;
}

/** A finished response: `headers` is names and values, one per line. */
export function respond(status, headers, body, id, secure) {
  const out = fixed(id, secure);
  fill(out, headers.split("\n"), 0);
  return new Response(body, { status, headers: out });
}

/** A stored file with our headers instead of its own, but for type, validators and encoding. */
export async function asset(service, request, url, headers, id, secure) {
  const init = { method: request.method, headers: {}, redirect: "manual" };
  for (const name of ["if-none-match", "accept-encoding"]) {
    const value = request.headers.get(name);
    if (value !== null) init.headers[name] = value;
  }
  let found;
  try {
    found = await service.fetch(url, init);
  } catch {
    return refuse("internal", id, secure);
  }
  if (found.status !== 200 && found.status !== 304) return refuse("missing", id, secure);
  const out = fixed(id, secure);
  for (const name of ["content-type", "content-encoding", "etag"]) {
    const value = found.headers.get(name);
    if (value !== null) out[name] = value;
  }
  fill(out, headers.split("\n"), 0);
  return new Response(found.body, { status: found.status, headers: out });
}

/**
 * Sends a request on to the platform and its answer back. Bodies stream and never enter wasm.
 * `order` is the method, the address, the request id, then the edge's own headers, one per line.
 */
export async function forward(incoming, order, secure) {
  const { policy } = isolate;
  const lines = order.split("\n");
  const [method, url, id] = lines;
  const headers = {};
  const given = incoming.headers;
  for (const name of policy.request) {
    const value = given.get(name);
    if (value !== null) headers[name] = value;
  }
  fill(headers, lines, 3);
  const abort = new AbortController();
  const init = { method, headers, redirect: "manual", signal: abort.signal };
  const body = { over: false };
  if (method !== "GET" && incoming.body !== null) {
    const length = given.get("content-length");
    if (length !== null && Number(length) > policy.body_bytes) return refuse("large", id, secure);
    init.body = length === null ? capped(incoming.body, policy.body_bytes, body) : incoming.body;
  }
  const timer = setTimeout(() => abort.abort(), policy.answer_ms);
  let answer;
  try {
    answer = await fetch(url, init);
  } catch {
    if (body.over) return refuse("large", id, secure);
    return refuse(abort.signal.aborted ? "timeout" : "unreachable", id, secure);
  } finally {
    clearTimeout(timer);
  }
  const { status } = answer;
  if (status >= 300 && status < 400 && status !== 304) {
    answer.body?.cancel().catch(() => {});
    return refuse("redirected", id, secure);
  }
  const out = fixed(id, secure);
  out["cache-control"] = "private, no-store";
  const received = answer.headers;
  for (const name of policy.response) {
    const value = received.get(name);
    if (value !== null) out[name] = value;
  }
  return new Response(answer.body, { status, headers: out });
}

/** A small exchange with the platform on the edge's own behalf: `[status, text]`, or a refusal's name. */
export async function exchange(url, method, headers, body) {
  const { policy } = isolate;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), policy.exchange_ms);
  try {
    const answer = await fetch(url, {
      method,
      headers: fill({}, headers.split("\n"), 0),
      body,
      redirect: "manual",
      signal: abort.signal,
    });
    const text = await bounded(answer, policy.exchange_bytes);
    if (text === null) return "unreachable";
    return [answer.status, text];
  } catch {
    return abort.signal.aborted ? "timeout" : "unreachable";
  } finally {
    clearTimeout(timer);
  }
}

/** A request's or response's text, or null when it is longer than `limit` bytes or broken off. */
export async function bounded(message, limit) {
  if (Number(message.headers.get("content-length") ?? 0) > limit) return null;
  if (message.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  try {
    for await (const chunk of message.body) {
      size += chunk.byteLength;
      if (size > limit) return null;
      text += decoder.decode(chunk, { stream: true });
    }
  } catch {
    return null;
  }
  return text + decoder.decode();
}

/**
 * Connects a visitor's socket to the platform's and pumps until either side ends, or until `life`
 * milliseconds are over: then both close with `over`. No frame with `secret` in it reaches the visitor.
 */
export async function relay(url, secret, session, context, life, over) {
  const { policy } = isolate;
  const [client, server] = Object.values(new WebSocketPair());
  const dialled = await dial(url, policy.dial_ms);
  server.accept();
  if (dialled.socket === null) {
    if (dialled.lost) {
      context.waitUntil(ended(session).then(() => server.close(policy.close.lost, "session lost")));
    } else {
      server.close(policy.close.again, "try again");
    }
  } else {
    pump(server, dialled.socket, {
      secrets: [secret, encodeURIComponent(secret)],
      onEnded: () => {
        const noted = ended(session);
        context.waitUntil(noted);
        return noted;
      },
      life,
      over,
    });
  }
  return new Response(null, { status: 101, webSocket: client });
}

async function dial(url, limit) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), limit);
  try {
    const answer = await fetch(url, {
      headers: { upgrade: "websocket", "user-agent": isolate.policy.agent },
      redirect: "manual",
      signal: abort.signal,
    });
    const lost = answer.status === 401 || answer.status === 404;
    return { socket: answer.webSocket ?? null, lost };
  } catch {
    return { socket: null, lost: false };
  } finally {
    clearTimeout(timer);
  }
}

function pump(visitor, platform, { secrets, onEnded, life, over }) {
  const { close, frame_bytes: most } = isolate.policy;
  // Counted here and not in Rust: a new instance starts at zero while old sockets live on.
  isolate.sockets += 1;
  const key = isolate.sockets;
  let open = true;
  const stop = (code, reason) => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    for (const side of [visitor, platform]) {
      try {
        side.close(code, reason);
      } catch {
        // This side is closed already.
      }
    }
    forget(key);
  };
  const timer = setTimeout(() => stop(over, "time over"), life);
  // After the end of the conversation, until the session's object knows of it; else null.
  let held = null;
  const inOrder = (step) => {
    if (held === null) step();
    else held = held.then(step);
  };
  visitor.addEventListener("message", ({ data }) => {
    if (!open) return;
    if (typeof data !== "string") return stop(close.binary, "text frames only");
    // Before it is copied into wasm, whose memory never shrinks. UTF-8 is never shorter than this.
    if (data.length > most) return stop(close.large, "frame refused");
    let verdict;
    try {
      // A number closes, a string is answered here, anything else goes on.
      verdict = isolate.judge(key, data, Date.now());
    } catch {
      survive();
      return stop(close.fault, "internal");
    }
    try {
      if (typeof verdict === "number") stop(verdict, "frame refused");
      else if (typeof verdict === "string") visitor.send(verdict);
      else platform.send(data);
    } catch {
      stop(close.fault, "connection lost");
    }
  });
  platform.addEventListener("message", ({ data }) => {
    if (!open || typeof data !== "string") return;
    if (secrets.some((secret) => data.includes(secret))) return;
    const frame = parse(data);
    if (frame === undefined) return;
    // Noted before it is told: a page reloaded at these words must not resume what is over.
    if (data.includes(END) && isEnd(frame)) held = onEnded();
    inOrder(() => {
      try {
        if (open) visitor.send(data);
      } catch {
        stop(close.fault, "connection lost");
      }
    });
  });
  // A visitor who names no code is done. A platform that names none was cut off: 1000 would tell the
  // visitor that the conversation is over. Its reason stays here, whatever is in it.
  visitor.addEventListener("close", ({ code, reason }) => stop(sendable(code, 1000), reason));
  platform.addEventListener("close", ({ code }) => inOrder(() => stop(sendable(code, close.fault), "")));
  for (const side of [visitor, platform]) {
    side.addEventListener("error", () => stop(close.fault, "connection lost"));
  }
  platform.accept();
}

// 1004 to 1006 and 1015 say how a socket ended and cannot be sent.
function sendable(code, unnamed) {
  if (code === 1005 || code === 0) return unnamed;
  if (code === 1006 || code === 1004 || code === 1015 || code < 1000) return isolate.policy.close.fault;
  return code;
}

// Drops the window of a socket that is gone.
function forget(key) {
  try {
    isolate.judge(key, undefined, 0);
  } catch {
    survive();
  }
}

// The event itself, alone or in a batch: a visitor's text may be these very words.
function isEnd(frame, depth = 0) {
  if (frame?.type === END) return true;
  if (frame?.type !== BATCH || depth > BATCH_DEPTH) return false;
  // A batch has two forms, like every event.
  const inner = (frame.payload ?? frame.event_batch)?.events;
  return Array.isArray(inner) && inner.some((event) => isEnd(event, depth + 1));
}

function ended(session) {
  return session.fetch("https://session/end", { method: "POST", body: "{}" }).then(
    (answer) => answer.body?.cancel(),
    () => {},
  );
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function capped(stream, limit, state) {
  let size = 0;
  return stream.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        size += chunk.byteLength;
        if (size > limit) {
          state.over = true;
          controller.error(new Error("too large"));
        } else {
          controller.enqueue(chunk);
        }
      },
    }),
  );
}

function refuse(name, id, secure) {
  const [status, head, tail] = isolate.policy.refusals[name];
  const headers = fixed(id, secure);
  headers["content-type"] = "application/json";
  headers["cache-control"] = "no-store";
  return new Response(head + id + tail, { status, headers });
}

function fixed(id, secure) {
  return { ...(secure ? isolate.secure : isolate.base), "x-request-id": id };
}

function fill(headers, lines, from) {
  for (let at = from; at + 1 < lines.length; at += 2) headers[lines[at]] = lines[at + 1];
  return headers;
}
