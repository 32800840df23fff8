// A stand-in for the worker that keeps no secret, to show that those who look for leaks see them.
import { createServer, request } from "node:http";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WebSocket, WebSocketServer } from "ws";

const TICKET = { ticket: "t", expires_in: 30 };
const LOCAL = {
  "/visitor/session": { token: "pv1.a.b.the-token-of-a-visitor", resume: "pr1.a.b.c", session: "s" },
  "/visitor/ticket": TICKET,
  "/visitor/call/ticket": TICKET,
};

/** Sends every key with every request to `platform`, and everything that comes back to the caller. */
export async function startLeaky({ keys, folder, platform }) {
  const given = Object.fromEntries(Object.entries(keys.platform).map(([name, key]) => [`x-${name.replaceAll("_", "-")}`, key]));
  const target = new URL(platform);
  let log = "";
  const server = createServer((incoming, response) => {
    response.on("error", () => {});
    const local = LOCAL[incoming.url];
    if (local && incoming.method === "POST") return response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify(local));
    const { host: _, expect: __, ...headers } = incoming.headers;
    const sent = request({ host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers: { ...headers, ...given } });
    log += `${incoming.method} ${incoming.url} ${JSON.stringify(given)}\n`;
    sent.on("error", () => response.destroy());
    sent.on("response", (answer) => {
      try {
        response.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
        answer.on("error", () => response.destroy()).pipe(response);
      } catch {
        response.destroy();
      }
    });
    incoming.on("error", () => {}).pipe(sent);
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (incoming, stream, head) => {
    stream.on("error", () => {});
    const far = new WebSocket(`ws://${target.host}/ws?access_token=${given["x-chat"]}`);
    far.on("error", () => stream.destroy());
    far.once("open", () => sockets.handleUpgrade(incoming, stream, head, (near) => relay(near, far)));
    far.pause();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await writeFile(join(folder, "rows.sqlite"), `row ${keys.platform.chat} row`);
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    state: folder,
    output: () => log,
    stop() {
      for (const one of sockets.clients) one.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
}

function relay(near, far) {
  for (const [one, other] of [[near, far], [far, near]]) {
    one.on("error", () => other.terminate());
    one.on("message", (data, isBinary) => other.readyState === other.OPEN && other.send(data, { binary: isBinary }));
    one.on("close", (code, reason) => {
      const sayable = code >= 1000 && ![1004, 1005, 1006, 1015].includes(code);
      if (other.readyState === other.OPEN) other.close(...(sayable ? [code, reason] : []));
    });
  }
  far.resume();
}
