// A visitor's chat socket and the platform's.
import { isolate, survive } from "./isolate.js";
import { dial, holds, join, pair } from "./pump.js";

const END = "EVENT_TYPE_SESSION_END";
const BATCH = "EVENT_TYPE_EVENT_BATCH";
const BATCH_DEPTH = 8;

/**
 * Connects a visitor's socket to the platform's and pumps until either side ends, or until `life`
 * milliseconds are over: then both close with `over`. No frame with `secret` in it reaches the visitor.
 */
export async function relay(url, secret, session, context, life, over) {
  const { close } = isolate.policy;
  const { response, visitor } = pair();
  const { socket, lost } = await dial(url);
  let noted = null;
  const noteEnd = () => {
    if (noted === null) {
      noted = ended(session);
      context.waitUntil(noted);
    }
    return noted;
  };
  if (socket !== null) chat(visitor, socket, [secret, encodeURIComponent(secret)], noteEnd, { life, over });
  else if (lost) noteEnd().then(() => visitor.close(close.lost, "session lost"));
  else visitor.close(close.again, "try again");
  return response;
}

function chat(visitor, platform, secrets, noteEnd, limits) {
  const { close } = isolate.policy;
  // Counted here and not in Rust: a new instance starts at zero while old sockets live on.
  isolate.sockets += 1;
  const key = isolate.sockets;
  join(visitor, platform, {
    ...limits,
    fromVisitor(text, link) {
      let verdict;
      try {
        // A number closes, a string is answered here, anything else goes on.
        verdict = isolate.judge(key, text, Date.now());
      } catch {
        survive();
        return link.stop(close.fault, "internal");
      }
      if (typeof verdict === "number") link.stop(verdict, "frame refused");
      else if (typeof verdict === "string") link.toVisitor(verdict);
      else link.toPlatform(text);
    },
    fromPlatform(text, link) {
      if (holds(text, secrets)) return;
      const frame = parse(text);
      if (frame === undefined) return;
      // Noted before it is told: a page reloaded at these words must not resume what is over.
      if (text.includes(END) && isEnd(frame)) link.hold(noteEnd());
      link.toVisitor(text);
    },
    ended: () => forget(key),
  });
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
