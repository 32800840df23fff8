// A wire between worker and platform that hears everything: it learns the access tokens the platform mints.
import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect } from "node:net";

/** Stands before one host of the platform and passes all bytes on. */
export async function startTap(target) {
  const { hostname, port } = new URL(target);
  const tokens = new Set();
  const bodies = [];
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const passed = request({ hostname, port, method, path: url, headers }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => {
        const body = Buffer.concat(chunks);
        if (url === "/api/v1/access-token" && answer.statusCode === 200) tokens.add(JSON.parse(body).access_token);
        outgoing.writeHead(answer.statusCode, answer.headers);
        outgoing.end(body);
      });
    });
    const heard = [];
    incoming.on("data", (chunk) => heard.push(chunk)).on("end", () => bodies.push({ url, body: Buffer.concat(heard).toString() }));
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  });
  const sockets = new Set();
  server.on("upgrade", ({ method, url, rawHeaders }, client, head) => {
    const upstream = connect({ host: hostname, port });
    const lines = rawHeaders.flatMap((name, at) => (at % 2 ? [] : [`${name}: ${rawHeaders[at + 1]}`]));
    upstream.write(`${method} ${url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    upstream.write(head);
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      sockets.add(from);
      from.on("error", () => to.destroy()).on("close", () => to.destroy());
      from.pipe(to);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    tokens,
    /** What the worker sent, request by request. */
    bodies,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      server.closeAllConnections();
    },
  };
}
