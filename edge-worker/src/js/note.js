// What is noted of a request on its way, and what is said about it at the end.
//
// Bundled with the entry, apart from what Rust calls: the two meet in the note, never in a variable.

// Counted in this isolate, since it began. Others count for themselves.
const counts = { since: 0, requests: 0, statuses: [0, 0, 0, 0, 0, 0], refusals: {}, events: 0, upstream: 0, upstream_ms: 0 };

/** Notes of one request. Rust and the sender of requests fill it; to both it is also the runtime's context. */
export class Note {
  constructor(context) {
    this.context = context;
    this.began = Date.now();
    // When the platform was asked (the last time) and when it answered; null without.
    this.asked = null;
    this.heard = null;
    // The platform's answer, for the length it names.
    this.answer = null;
    this.retries = 0;
    // hit, stale, shared or miss; empty where nothing is cached.
    this.cache = "";
    // open or half_open; empty when closed.
    this.breaker = "";
    // See Facts::line.
    this.facts = "";
  }

  waitUntil(work) {
    this.context.waitUntil(work);
  }

  /** What this isolate has counted, as JSON, together with what the other half knows. */
  counted(more) {
    return JSON.stringify({ ...counts, now: this.began, ...more });
  }
}

/** Counts an answer and says what there is to say. Gives it back. */
export function finish(note, request, env, answer) {
  const { status } = answer;
  const { facts } = note;
  // A refusal made in JavaScript bears its code; Rust's stands before the first tab, unless it trapped.
  let code = answer.refusal ?? facts.slice(1, facts.indexOf("\t"));
  if (code === "" && status === 500 && note.answer === null) code = "internal";
  counts.since ||= note.began;
  counts.requests += 1;
  counts.statuses[Math.floor(status / 100)] += 1;
  if (code !== "") counts.refusals[code] = (counts.refusals[code] ?? 0) + 1;
  if (note.asked !== null) {
    counts.upstream += 1;
    counts.upstream_ms += (note.heard ?? Date.now()) - note.asked;
  }
  const wanted = facts.startsWith("1") || code !== "" || status >= 500;
  const { METRICS } = env;
  if (!wanted && METRICS === undefined) return answer;
  const event = describe(note, request, answer, code);
  if (wanted) {
    counts.events += 1;
    console.log(JSON.stringify(event));
  }
  METRICS?.writeDataPoint(point(event));
  return answer;
}

// One flat object. Every text in it is the edge's own or was checked by it.
function describe(note, request, answer, code) {
  const [first, plane, route, operation, role, tenant, id, trace, span, parent, link] = note.facts.split("\t");
  const now = Date.now();
  const { asked, heard } = note;
  const event = {
    event: "request",
    at: note.began,
    id: id ?? answer.headers.get("x-request-id") ?? "",
    trace, span, parent, link, plane, route, operation, role, tenant,
    method: method(request.method),
    status: answer.status,
    refusal: code,
    total_ms: now - note.began,
    queue_ms: asked === null ? undefined : asked - note.began,
    upstream_ms: asked === null ? undefined : (heard ?? now) - asked,
    bytes_in: length(request.headers),
    bytes_out: length((note.answer ?? answer).headers),
    retries: note.retries || undefined,
    cache: note.cache,
    breaker: note.breaker,
    colo: request.cf?.colo,
    sampled: first?.startsWith("1") ? 1 : 0,
  };
  for (const name in event) if (event[name] === "") event[name] = undefined;
  return event;
}

// One index, blobs and doubles in the order that docs/operate.md gives.
function point(event) {
  const { tenant = "", plane = "", route = "", operation = "", role = "", method, status } = event;
  const { refusal = "", cache = "", breaker = "", colo = "" } = event;
  return {
    indexes: [tenant],
    blobs: [plane, route, operation, role, tenant, method, String(status), refusal, cache, breaker, colo],
    doubles: [
      event.total_ms, event.queue_ms ?? 0, event.upstream_ms ?? 0,
      event.bytes_in ?? 0, event.bytes_out ?? 0, event.retries ?? 0,
    ],
  };
}

// The runtime lets any word through as a method; only known ones are written down.
function method(name) {
  return ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].includes(name) ? name : "OTHER";
}

function length(headers) {
  const text = headers.get("content-length");
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
