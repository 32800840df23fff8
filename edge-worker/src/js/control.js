// The lines by which the objects behind a visitor's session close its open sockets.

/**
 * Opens the two lines of one socket: to its site's share and to its session, which checks once more that
 * it lives. Gives both, or the status that says why there are none: 404 over, 429 too many sockets.
 */
export async function attach([share, session]) {
  try {
    return await both(share, session);
  } catch {
    return { status: 503 };
  }
}

async function both(share, session) {
  const site = await line(share, "share");
  if (site.socket === null) return { status: site.status };
  const own = await line(session, `line?${site.headers.get("x-stopped")}`);
  if (own.socket === null) {
    quit(site.socket);
    return { status: own.status };
  }
  return { status: 101, site: site.socket, session: own.socket };
}

async function line(object, path) {
  const answer = await object.fetch(`https://object/${path}`, { headers: { upgrade: "websocket" } });
  const { status, headers, webSocket } = answer;
  if (webSocket === null) answer.body?.cancel().catch(() => {});
  else webSocket.accept();
  return { status, headers, socket: webSocket };
}

/**
 * Watches the lines until the relay is over: `stop(code, reason)` closes it. Gives `ask`, by which the
 * session decides on each message of the visitor, in order, and `quit`, for when the relay is over.
 */
export function watch(lines, { lost, again }, stop) {
  const waiting = [];
  let over = false;
  for (const socket of [lines.site, lines.session]) {
    // 4001 is the session's end. A line that breaks in any other way says nothing of the session: the
    // visitor has to come by the front door, where all is asked again.
    socket.addEventListener("close", ({ code }) => {
      if (!over) stop(code === lost ? lost : again, code === lost ? "session over" : "try again");
    });
    socket.addEventListener("error", () => !over && stop(again, "try again"));
  }
  lines.session.addEventListener("message", ({ data }) => waiting.shift()?.(data === "+"));
  return {
    /** Whether the visitor may say one thing more. */
    ask: () => new Promise((done) => {
      waiting.push(done);
      lines.session.send("m");
    }),
    quit() {
      over = true;
      for (const socket of [lines.site, lines.session]) quit(socket);
      for (const done of waiting.splice(0)) done(false);
    },
  };
}

function quit(socket) {
  try {
    socket.close(1000, "");
  } catch {
    // It is closed already.
  }
}
