// A tiny platform that may break every rule, which the simulator does not.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { text as readText } from "node:stream/consumers";
import { WebSocketServer } from "ws";

/** An `answer` for operators: there is not a single conversation. */
export function noConversations(request, response) {
  if (!request.url.includes("/conversations")) return false;
  response.writeHead(200, { "content-type": "application/json" });
  response.end('{"conversations":[],"cursor":null}');
  return true;
}

/**
 * Listens as all four hosts. `answer(request, response, body)` may take a request by returning true; the
 * rest is served plainly: tokens, sessions, and a socket that `socket(ws, request)` gets.
 */
export async function startPlatform({ answer, socket, stream } = {}) {
  const platform = { replaces: true, requests: [], handshakes: [], answer, socket, stream, refuse: 0 };
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const seen = { method, url, headers, aborted: false };
    platform.requests.push(seen);
    response.on("close", () => (seen.aborted = !response.writableFinished));
    if (platform.stream?.(request, response, seen)) return;
    const body = await readText(request).catch(() => "");
    seen.body = body;
    if (await platform.answer?.(request, response, body)) return;
    const reply = (status, value) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    if (url === "/api/v1/access-token") reply(200, { access_token: "a.b.c", expires_in: 86_400 });
    else if (url === "/api/v1/sessions") reply(200, { session_id: "s-1" });
    else reply(404, { message: "nothing here" });
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1 << 24 });
  server.on("upgrade", (request, stream, head) => {
    platform.handshakes.push({ url: request.url, headers: request.headers });
    stream.on("error", () => {});
    if (platform.refuse) {
      stream.end(`HTTP/1.1 ${platform.refuse} No\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (ws) => {
      ws.on("error", () => {});
      platform.socket?.(ws, request, stream);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(platform, {
    url,
    /** Runs `work` and checks that nothing reached this platform. */
    async untouched(work) {
      platform.requests.length = 0;
      platform.handshakes.length = 0;
      await work();
      assert.deepEqual(platform.requests.map(({ method, url }) => `${method} ${url}`), []);
      assert.deepEqual(platform.handshakes, []);
    },
    hosts: () => ({ build: url, platform: url, messaging: url, webrtc: url }),
    async stop() {
      for (const ws of sockets.clients) ws.terminate();
      server.close();
      server.closeAllConnections();
    },
  });
}
