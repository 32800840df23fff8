// The platform's answer: its listed headers, and a body in which no key was found.
import { isolate } from "./isolate.js";
import { hasLeak, isPacked, judged } from "./leaks.js";
import { LATE } from "./send.js";
import { stream } from "./stream.js";

const PACKINGS = ["gzip", "br"];

/** The answer's parts, or a refusal's name. Small bodies are read whole, larger ones stream. */
export async function receive(job, answer) {
  const { status, headers: received } = answer;
  const { response, whole_bytes: most } = isolate.policy;
  if (status >= 300 && status < 400 && status !== 304) {
    drop(answer);
    return "redirected";
  }
  const head = {};
  const type = received.get("content-type") ?? "";
  const isJson = type.startsWith("application/json");
  // What goes on is looked through like the body.
  let seen = copy(response.always, received, head);
  if (status !== 200 || !isJson) seen += copy(response.odd, received, head);
  if (hasLeak(seen, job.needles)) {
    drop(answer);
    return "withheld";
  }
  if (answer.body === null || status === 204 || status === 205 || status === 304) return { status, head, body: null };
  const packing = received.get("content-encoding");
  if (packing !== null && !PACKINGS.includes(packing.toLowerCase())) {
    drop(answer);
    return "withheld";
  }
  const stated = packing === null ? received.get("content-length") : null;
  const length = stated === null ? null : Number(stated);
  const isText = isJson || type === "" || /^text\/|json|xml/i.test(type);
  try {
    if (length === null || length > most) return await stream(job, answer, { head, length, isText });
    if (isText) return judged(job, status, head, await job.watch.phase(answer.text(), job.limits.idle));
    const bytes = await job.watch.phase(answer.arrayBuffer(), job.limits.idle);
    return isPacked(new Uint8Array(bytes)) || hasLeak(latin1.decode(bytes), job.needles) ? "withheld" : { status, head, body: bytes };
  } catch (error) {
    return error === LATE ? "timeout" : "unreachable";
  }
}

const latin1 = new TextDecoder("latin1");

function copy(names, from, to) {
  let seen = "";
  for (const name of names) {
    const value = from.get(name);
    if (value === null) continue;
    to[name] = value;
    seen += `${value}\n`;
  }
  return seen;
}

function drop(answer) {
  answer.body?.cancel().catch(() => {});
}
