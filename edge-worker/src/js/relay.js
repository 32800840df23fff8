// A visitor's socket and the platform's, and what goes between them.
import { isolate, survive } from "./isolate.js";

const END = "EVENT_TYPE_SESSION_END";
const BATCH = "EVENT_TYPE_EVENT_BATCH";
const BATCH_DEPTH = 8;

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
