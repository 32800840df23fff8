// A platform that repeats everything it is sent, in any spelling and any place, and lies about the rest.
import { once } from "node:events";
import { createServer } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { WebSocketServer } from "ws";
import { DISGUISES } from "./disguise.mjs";
import { properAnswer } from "./hostile-bodies.mjs";
import { misbehave } from "./hostile-frames.mjs";

/** Headers that the worker lets through; what is hidden in one of them comes closest to the caller. */
const LISTED = ["etag", "content-disposition", "content-language", "content-range", "accept-ranges", "retry-after",
  "x-polyai-correlation-id", "content-type"];
/** Headers that no caller may get. */
const OTHERS = ["set-cookie", "location", "www-authenticate", "x-echo", "server", "link", "access-control-allow-origin",
  "x-api-key", "via", "warning", "content-location", "refresh", "x-request-id", "server-timing"];
const TYPES = ["application/json", "application/json; charset=utf-8", "text/plain", "text/html", "text/event-stream",
  "audio/wav", "application/problem+json", "application/octet-stream", "JSON", "multipart/mixed; boundary=x", ""];
const STATUSES = [[50, 200], [4, 201], [2, 204], [2, 206], [2, 301], [3, 302], [2, 303], [2, 304], [2, 307], [2, 308],
  [3, 400], [4, 401], [3, 403], [3, 404], [1, 409], [1, 416], [2, 422], [3, 429], [3, 500], [1, 502], [2, 503], [1, 299], [1, 599]];
const PACKED = { identity: (body) => body, gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };

/**
 * Listens as every host. `begin(dice)` makes what follows a matter of these dice; `begin(null)` makes it
 * polite. `marks` are what it gives out itself: an access token, a signing secret.
 */
export async function startHostile(marks) {
  const hostile = { dice: null, seen: [], marks, minted: 0 };
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    const chunks = [];
    request.on("error", () => {}).on("data", (chunk) => chunks.push(chunk));
    response.on("error", () => {});
    const ended = await once(request, "end").then(() => true, () => false);
    if (!ended) return;
    const told = { method: request.method, url: request.url, headers: request.rawHeaders, body: Buffer.concat(chunks).toString("latin1") };
    hostile.seen.push(told);
    hostile.minted += 1;
    answer(hostile, told, response);
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1 << 24 });
  server.on("upgrade", (request, stream, head) => {
    const told = { method: "GET", url: request.url, headers: request.rawHeaders, body: "" };
    hostile.seen.push(told);
    stream.on("error", () => {});
    const { dice } = hostile;
    if (dice?.chance(0.1)) return refuse(stream, dice, echo(told, dice));
    sockets.handleUpgrade(request, stream, head, (ws) => misbehave(ws, stream, dice, {
      echo: () => echo(told, dice),
      hear: (frame) => (told.body += frame),
    }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(hostile, {
    replaces: true,
    url,
    hosts: () => ({ build: url, platform: url, messaging: url, webrtc: url }),
    begin(dice) {
      hostile.dice = dice;
      hostile.seen = [];
      hostile.did = [];
    },
    stop() {
      for (const ws of sockets.clients) ws.terminate();
      server.close();
      server.closeAllConnections();
    },
  });
}

/** What was sent here, in a spelling that fits into a JSON string. */
function echo({ url, headers, body }, dice, spelling) {
  const pairs = [];
  for (let at = 0; at < headers.length; at += 2) pairs.push(`${headers[at]}: ${headers[at + 1]}`);
  const name = spelling ?? dice?.pick(Object.keys(DISGUISES)) ?? "plain";
  return DISGUISES[name](`${pairs.join("; ")} ${url} ${body.slice(0, 2_000)}`);
}

function answer(hostile, told, response) {
  const { dice, marks, minted } = hostile;
  const spelling = dice?.pick(Object.keys(DISGUISES));
  const said = dice ? echo(told, dice, spelling) : "";
  const proper = properAnswer(told, { marks, minted, said, dice });
  if (!dice) {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(proper));
    return;
  }
  const status = dice.chance(0.45) ? 200 : dice.weigh(STATUSES);
  const headers = [["content-type", dice.chance(0.6) ? "application/json" : dice.pick(TYPES)]];
  // In headers no other control characters and nothing beyond a byte; \u is six plain letters.
  for (let count = dice.weigh([[5, 0], [3, 1], [2, 3]]); count > 0; count -= 1) {
    const name = dice.pick(dice.chance(0.5) ? LISTED : OTHERS);
    if (name === "content-type") headers[0][1] += `; x="${said}"`;
    else headers.push([name, name === "location" ? `${hostile.url}/moved?${encodeURIComponent(said)}` : said]);
  }
  if (dice.chance(0.02)) headers.push(["x-huge", said.repeat(1 + Math.floor(20_000 / (said.length + 1)))]);
  const text = body(dice, proper, said);
  const encoding = dice.weigh([[6, "identity"], [1, "gzip"], [1, "deflate"], [1, "br"]]);
  if (encoding !== "identity") headers.push(["content-encoding", encoding]);
  // Now and then it says packed and is not, or the other way round.
  const real = dice.chance(0.06) ? dice.pick(Object.keys(PACKED)) : encoding;
  hostile.did.push({ status, spelling, encoding, real, headers: headers.map(([name]) => name) });
  send(dice, response, status, headers, PACKED[real](Buffer.from(text)), said);
}

function body(dice, proper, said) {
  return dice.weigh([
    [8, () => JSON.stringify(proper).replaceAll("@said@", () => said)],
    [2, () => `{"error":{"message":"Incorrect API key provided: ${said}"},"errors":["${said}"]}`],
    [1, () => `{"${said}":{"a":[[["${said}"]]]}}`],
    [1, () => `<html><p>${said}</p></html>`],
    [1, () => `event: x\ndata: {"t":"${said}"}\n\ndata: ${said}\n\n`],
    [1, () => said],
    [1, () => `{"unfinished":["${said}",`],
    [1, () => `\ufeff{"deep":${'{"a":'.repeat(300)}"${said}"${"}".repeat(300)}}`],
    [0.3, () => `{"long":"${"x".repeat(60_000)}","echo":"${said}"}`],
  ])();
}

function send(dice, response, status, headers, bytes, said) {
  const flat = headers.flatMap(([name, value]) => [name, value.replaceAll(/[^\t\x20-\x7e]/g, "?")]);
  const end = dice.weigh([[10, "whole"], [8, "pieces"], [1, "breaks off"], [0.5, "too long"], [0.5, "too short"], [0.5, "cut"]]);
  try {
    if (dice.chance(0.03)) response.writeEarlyHints({ link: "</x>; rel=preload", "x-echo": said.slice(0, 3_000).replaceAll(/[^\t\x20-\x7e]/g, "?") });
    if (end === "cut") return response.destroy();
    if (end === "whole") flat.push("content-length", String(bytes.length));
    if (end === "too long") flat.push("content-length", String(bytes.length + 9));
    if (end === "too short") flat.push("content-length", String(Math.max(0, bytes.length - 9)));
    response.writeHead(status, dice.chance(0.2) ? said.slice(0, 500).replaceAll(/[^\t\x20-\x7e]/g, "?") : undefined, flat);
    // The rest never comes; on an open connection it would be waited for.
    if (end === "too long") return response.write(bytes, () => response.destroy());
    if (end !== "pieces" && end !== "breaks off") return response.end(bytes);
    const pieces = dice.cut(bytes, dice.chance(0.1) ? 200 : 8);
    const until = end === "breaks off" ? dice.below(pieces.length) : pieces.length;
    response.socket?.setNoDelay(true);
    for (const piece of pieces.slice(0, until)) response.write(piece);
    if (end === "breaks off") return setImmediate(() => response.destroy());
    if (dice.chance(0.3)) response.addTrailers({ "x-echo": said.slice(0, 2_000).replaceAll(/[^\t\x20-\x7e]/g, "?") });
    response.end();
  } catch {
    // Too odd for our own server to say.
    response.destroy();
  }
}

function refuse(stream, dice, said) {
  const status = dice.pick([200, 302, 400, 401, 403, 404, 429, 500, 503]);
  stream.end(`HTTP/1.1 ${status} ${said.slice(0, 200)}\r\nlocation: /x?${encodeURIComponent(said)}\r\nx-echo: ${said}\r\n\r\n${said}`);
}
