// A plain static server for the demo shop. It knows nothing of the edge but its address.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** Serves `dir` on `port`; `edge` replaces `__PERCH_EDGE__` in pages, as
 * a WebSocket address `__PERCH_EDGE_WS__`. */
export async function serveDemo({ dir, port = 0, host = "127.0.0.1", edge = "" }) {
  const root = resolve(dir);
  const server = createServer(async (request, response) => {
    const found = await find(root, request.url ?? "/", edge).catch(() => null);
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("cache-control", "no-store");
    if (found === null || !["GET", "HEAD"].includes(request.method ?? "")) {
      response.writeHead(found === null ? 404 : 405, { "content-type": "text/plain" });
      response.end("Nothing here.\n");
      return;
    }
    response.writeHead(200, { "content-type": found.type, "content-length": found.body.length });
    response.end(request.method === "HEAD" ? undefined : found.body);
  });
  await new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, host, done);
  });
  return {
    origin: `http://localhost:${server.address().port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function find(root, url, edge) {
  const path = decodeURIComponent(new URL(url, "http://demo.invalid").pathname);
  let file = join(root, normalize(path));
  if (file !== root && !file.startsWith(root + sep)) return null;
  if (path.endsWith("/")) file = join(file, "index.html");
  else if (extname(file) === "") file += ".html";
  const body = await readFile(file);
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  if (!type.startsWith("text/html")) return { type, body };
  const page = body
    .toString("utf8")
    .replaceAll("__PERCH_EDGE__", edge)
    .replaceAll("__PERCH_EDGE_WS__", edge.replace(/^http/, "ws"));
  return { type, body: Buffer.from(page) };
}
