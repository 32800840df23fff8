// A visitor's chat socket and the platform's.
import { attach, watch } from "./control.js";
import { isolate, survive } from "./isolate.js";
import { dial, holds, join, pair } from "./pump.js";

const END = "EVENT_TYPE_SESSION_END";
const BATCH = "EVENT_TYPE_EVENT_BATCH";
const BATCH_DEPTH = 8;
// Frames of a visitor that wait for the session's word on a message before them.
const WAITING = 30;

/**
 * Connects a visitor's socket to the platform's and pumps until either side ends, until one of
 * `objects` closes its line (the site's share, the session), or until `life` milliseconds are over: then both close with `over`. No
 * frame with one of the lines of `spelled` in it reaches the visitor. Gives the response, or the status of a refused line.
 */
export async function relay(url, spelled, objects, context, life, over) {
  const { close } = isolate.policy;
  const secrets = spelled.split("\n");
  const lines = await attach(objects);
  if (lines.status !== 101) return lines.status;
  const { response, visitor } = pair();
  const { socket, lost } = await dial(url);
  let noted = null;
  const noteEnd = () => {
    if (noted === null) {
      noted = ended(objects[1]);
      context.waitUntil(noted);
    }
    return noted;
  };
  if (socket !== null) {
    chat(visitor, socket, lines, secrets, noteEnd, { life, over });
    return response;
  }
  watch(lines, close, () => {}).quit();
  if (lost) noteEnd().then(() => visitor.close(close.lost, "session lost"));
  else visitor.close(close.again, "try again");
  return response;
}

function chat(visitor, platform, lines, secrets, noteEnd, limits) {
  const { close, spent } = isolate.policy;
  // Counted here and not in Rust: a new instance starts at zero while old sockets live on.
  isolate.sockets += 1;
  const key = isolate.sockets;
  // The visitor's frames wait behind a message that the session has not decided on; else null.
  let held = null;
  let waiting = 0;
  const link = join(visitor, platform, {
    ...limits,
    fromVisitor(text, link) {
      let verdict;
      try {
        // A number closes, a string is answered here, true is a message, anything else goes on.
        verdict = isolate.judge(key, text, Date.now());
      } catch {
        survive();
        return link.stop(close.fault, "internal");
      }
      if (typeof verdict === "number") return link.stop(verdict, "frame refused");
      if (typeof verdict === "string") return link.toVisitor(verdict);
      if (held === null && verdict !== true) return link.toPlatform(text);
      waiting += 1;
      if (waiting > WAITING) return link.stop(close.again, "too much waits");
      const asked = verdict === true ? control.ask() : true;
      held = Promise.all([asked, held]).then(([yes]) => {
        if (yes) link.toPlatform(text);
        else link.toVisitor(refused(spent, text));
        waiting -= 1;
        if (waiting === 0) held = null;
      });
    },
    fromPlatform(text, link) {
      if (holds(text, secrets)) return;
      const frame = parse(text);
      if (frame === undefined) return;
      // Noted before it is told: a page reloaded at these words must not resume what is over.
      if (text.includes(END) && isEnd(frame)) link.hold(noteEnd());
      link.toVisitor(text);
    },
    ended() {
      control.quit();
      forget(key);
    },
  });
  const control = watch(lines, close, link.stop);
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

/** The answer to a message that is over the budget, with the visitor's own name for it. */
function refused(spent, text) {
  const { metadata } = JSON.parse(text);
  return JSON.stringify({ ...JSON.parse(spent), ...(metadata ? { metadata } : {}) });
}

function ended(session) {
  return session.fetch("https://session/ended", { method: "POST", body: "{}" }).then(
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
