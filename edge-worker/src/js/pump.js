// Two sockets and what goes between them, whatever they speak: sizes, order, back-pressure, close codes.
import { isolate } from "./isolate.js";

// Half open: the runtime would answer a close by itself, with a code that nobody has looked at.
const ACCEPT = { allowHalfOpen: true };

/** Dials the platform: its socket, or null and whether it knows nothing of this session any more. */
export async function dial(url) {
  const { policy } = isolate;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), policy.dial_ms);
  try {
    const answer = await fetch(url, {
      headers: { upgrade: "websocket", "user-agent": policy.agent },
      redirect: "manual",
      signal: abort.signal,
    });
    const lost = answer.status === 401 || answer.status === 404;
    if (answer.webSocket === null) answer.body?.cancel().catch(() => {});
    return { socket: answer.webSocket, lost };
  } catch {
    return { socket: null, lost: false };
  } finally {
    clearTimeout(timer);
  }
}

/** A pair of sockets: the response that carries the visitor's end, and our end of it, accepted. */
export function pair() {
  const [client, server] = Object.values(new WebSocketPair());
  server.accept(ACCEPT);
  return { response: new Response(null, { status: 101, webSocket: client }), visitor: server };
}

/**
 * Joins a visitor's socket with the platform's until either side ends, or until `life` milliseconds are
 * over: then both close with `over`.
 *
 * `fromVisitor` and `fromPlatform` get every text frame and the link, by which they send it on or not;
 * `ended` runs once, when it is over.
 */
export function join(visitor, platform, { life, over, fromVisitor, fromPlatform, ended }) {
  const { close, frame_bytes: most, buffer_bytes: room } = isolate.policy;
  let open = true;
  // What the platform's frames wait for, and how much of them waits; else null.
  let held = null;
  let waiting = 0;
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
    ended();
  };
  const timer = setTimeout(() => stop(over, "time over"), life);
  const send = (side, text) => {
    if (!open) return;
    // A side that reads slower than the other writes would fill the memory that all share. A client
    // dials again and resumes where it was.
    if (side.bufferedAmount + text.length > room) return stop(close.again, "reads too slowly");
    try {
      side.send(text);
    } catch {
      stop(close.fault, "connection lost");
    }
  };
  const inOrder = (size, step) => {
    if (held === null) return step();
    waiting += size;
    if (waiting > room) return stop(close.again, "too much waits");
    held = held.then(() => {
      waiting -= size;
      step();
    });
  };
  const link = {
    toVisitor: (text) => inOrder(text.length, () => send(visitor, text)),
    toPlatform: (text) => send(platform, text),
    /** Whatever comes from the platform from now on waits for this. */
    hold: (promise) => (held = held === null ? promise : held.then(() => promise)),
    stop,
  };
  visitor.addEventListener("message", ({ data }) => {
    if (!open) return;
    if (typeof data !== "string") return stop(close.binary, "text frames only");
    // Before it is copied into wasm, whose memory never shrinks. UTF-8 is never shorter than this.
    if (data.length > most) return stop(close.large, "frame refused");
    fromVisitor(data, link);
  });
  platform.addEventListener("message", ({ data }) => {
    if (open && typeof data === "string") fromPlatform(data, link);
  });
  // A visitor who names no code is done. A platform that names none was cut off: 1000 would tell the
  // visitor that it is over. Its reason stays here, whatever is in it.
  visitor.addEventListener("close", ({ code, reason }) => stop(sendable(code, 1000), reason));
  platform.addEventListener("close", ({ code }) => inOrder(0, () => stop(sendable(code, close.fault), "")));
  for (const side of [visitor, platform]) {
    side.addEventListener("error", () => stop(close.fault, "connection lost"));
  }
  platform.accept(ACCEPT);
  return link;
}

/** Whether a text holds one of `secrets` (in small letters), also where JSON's escapes hide it. */
export function holds(text, secrets) {
  const found = (small) => secrets.some((secret) => small.includes(secret));
  return found(text.toLowerCase()) || (text.includes("\\") && found(unescaped(text).toLowerCase()));
}

// An escaped backslash before a `u` is taken for an escape, too: then a frame too many stays here.
function unescaped(text) {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replaceAll("\\/", "/");
}

// 1004 to 1006 and 1015 say how a socket ended and cannot be sent.
function sendable(code, unnamed) {
  if (code === 1005 || code === 0) return unnamed;
  if (code === 1006 || code === 1004 || code === 1015 || code < 1000) return isolate.policy.close.fault;
  return code;
}
