// One request and every byte of its answer, whatever becomes of it.
import { Agent, request } from "node:http";
import { brotliDecompressSync, constants, gunzipSync, inflateSync } from "node:zlib";
import { within } from "./wait.mjs";

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
const LIMIT_MS = 40_000;

/** Sends it. Gives the status (0 without an answer) and what came, by place: `head`, `body`, `trouble`. */
export async function emission(origin, { method, path, headers, body }) {
  const { hostname, port } = new URL(origin);
  const came = { status: 0, head: [], body: Buffer.alloc(0), unpacked: null };
  const done = new Promise((resolve) => {
    // Node leaves the length of a body out for methods that rarely have one.
    const framed = body === undefined ? headers : { "content-length": Buffer.byteLength(body), ...headers };
    const sent = request({ hostname, port, method, path, headers: framed, agent });
    const note = ({ statusCode, statusMessage, rawHeaders }) => came.head.push(`${statusCode} ${statusMessage}`, ...rawHeaders);
    sent.on("information", note);
    sent.on("error", resolve).on("close", resolve);
    sent.on("upgrade", (answer, socket) => {
      note(answer);
      socket.destroy();
      resolve();
    });
    sent.on("response", (answer) => {
      note(answer);
      came.status = answer.statusCode;
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk)).on("error", () => {});
      answer.on("close", () => {
        came.head.push(...answer.rawTrailers);
        came.body = Buffer.concat(chunks);
        came.unpacked = unpacked(came.body, answer.headers["content-encoding"]);
        resolve();
      });
    });
    sent.end(body);
  });
  await within(`${method} ${path}`, done, LIMIT_MS);
  return came;
}

/** Lets go of the connections. */
export const hangUp = () => agent.destroy();

// As far as it goes: half an answer may hold a whole key.
function unpacked(bytes, encoding) {
  const rest = { finishFlush: constants.Z_SYNC_FLUSH };
  const unpack = {
    gzip: () => gunzipSync(bytes, rest),
    deflate: () => inflateSync(bytes, rest),
    br: () => brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  }[encoding];
  try {
    return unpack?.() ?? null;
  } catch {
    return null;
  }
}
