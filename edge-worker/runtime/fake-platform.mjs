// A platform of a few lines for the smoke test, in workerd: it records what reaches it, echoes what
// it was sent, and misbehaves on request. All four kinds of host are this one server.
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

const script = `
const seen = [];
let failing = null;
export default {
  async fetch(request) {
    const url = new URL(request.url);
    if (url.pathname === "/__seen") return Response.json(seen);
    if (url.pathname === "/__fail") {
      failing = url.searchParams.get("path");
      return new Response(null, { status: 204 });
    }
    if (failing !== null && url.pathname.endsWith(failing)) {
      failing = null;
      return new Response("{}", { status: 500 });
    }
    const headers = Object.fromEntries(request.headers);
    seen.push({ method: request.method, path: url.pathname, search: url.search, headers });
    const rude = {
      "set-cookie": "upstream=1", server: "platform/1", "access-control-allow-origin": "*",
      "x-api-key": headers["x-api-key"] ?? "", "content-security-policy": "none",
      "x-polyai-correlation-id": "c-1",
    };
    if (url.pathname === "/api/v1/access-token") {
      return Response.json({ access_token: "jwt-canary-access-6", expires_in: 86400 }, { headers: rude });
    }
    if (url.pathname === "/api/v1/sessions") {
      return Response.json({ session_id: "platform-session-1" }, { headers: rude });
    }
    if (url.pathname === "/ws") return socket(url);
    if (url.pathname === "/api/v1/webrtc/signal") return gateway();
    if (url.pathname.endsWith("/chat/create")) {
      return Response.json({ conversation_id: "CONV-1", response: "Hello" }, { headers: rude });
    }
    if (url.pathname.endsWith("/chat/respond")) {
      const { conversation_id, message } = await request.json();
      const ended = message === "bye";
      return Response.json({ conversation_id, response: "You said " + message, end_conversation: ended,
        ...(ended ? { handoff: { destination: "desk", reason: "asked" } } : {}) });
    }
    if (url.pathname.endsWith("/chat/close")) return Response.json({ success: true });
    if (url.pathname.endsWith("/redirected")) {
      return new Response(null, { status: 302, headers: { location: "https://evil.example/", ...rude } });
    }
    if (url.pathname.endsWith("/slow")) await new Promise((done) => setTimeout(done, 1500));
    const size = Number(url.searchParams.get("limit") ?? 0);
    return Response.json({ conversations: [], cursor: null, fill: "x".repeat(size) }, { headers: rude });
  },
};
function gateway() {
  const [client, server] = Object.values(new WebSocketPair());
  server.accept();
  server.addEventListener("message", ({ data }) => {
    const { type, data: { sdp } = {} } = JSON.parse(data);
    if (type === "offer") server.send(JSON.stringify({ type: "answer", sessionId: "gw-1", data: { type: "answer", sdp } }));
  });
  return new Response(null, { status: 101, webSocket: client });
}
function socket(url) {
  if (url.searchParams.get("cursor") === "404") return new Response(null, { status: 404 });
  if (url.searchParams.get("cursor") === "503") return new Response(null, { status: 503 });
  const [client, server] = Object.values(new WebSocketPair());
  server.accept();
  server.send(JSON.stringify({ type: "EVENT_TYPE_EVENT_BATCH", payload: { events: [] } }));
  server.addEventListener("message", ({ data }) => {
    seen.push({ method: "FRAME", path: String(data) });
    const text = JSON.parse(data).payload?.text;
    if (text === "close 4321") return server.close(4321, "enough");
    if (text === "garbage") server.send("not json");
    if (text === "binary") server.send(new Uint8Array([1, 2, 3]));
    if (text === "end") server.send(JSON.stringify({ type: "EVENT_TYPE_SESSION_END" }));
    server.send(data);
  });
  server.addEventListener("close", ({ code }) => {
    seen.push({ method: "CLOSED", path: String(code) });
    try { server.close(code); } catch {}
  });
  return new Response(null, { status: 101, webSocket: client });
}
`;

/** Starts it on a free port. */
export async function startPlatform() {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      script,
      modules: true,
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["no_websocket_standard_binary_type"],
      cf: false,
      log: new Log(LogLevel.NONE),
    }),
  );
  const url = await miniflare.ready;
  const base = `http://127.0.0.1:${url.port}`;
  return {
    base,
    seen: async () => (await fetch(`${base}/__seen`)).json(),
    /** The next request whose path ends so is answered with 500. */
    failNext: (path) => fetch(`${base}/__fail?path=${encodeURIComponent(path)}`),
    dispose: () => miniflare.dispose(),
  };
}
