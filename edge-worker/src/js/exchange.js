// The edge's own small exchanges with the platform, and bodies that are read whole.
import { fill } from "./answer.js";
import { isolate } from "./isolate.js";

/** A small exchange with the platform on the edge's own behalf: `[status, text]`, or a refusal's name. */
export async function exchange(url, method, headers, body) {
  const { policy } = isolate;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), policy.exchange_ms);
  try {
    const answer = await fetch(url, {
      method,
      headers: fill({}, headers.split("\n"), 0),
      body: method === "GET" ? undefined : body,
      redirect: "manual",
      signal: abort.signal,
    });
    const text = await bounded(answer, policy.exchange_bytes);
    if (text === null) return "unreachable";
    return [answer.status, text];
  } catch {
    return abort.signal.aborted ? "timeout" : "unreachable";
  } finally {
    clearTimeout(timer);
  }
}

/** A request's or response's text, or null when it is longer than `limit` bytes or broken off. */
export async function bounded(message, limit) {
  if (Number(message.headers.get("content-length") ?? 0) > limit) return null;
  if (message.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  try {
    for await (const chunk of message.body) {
      size += chunk.byteLength;
      if (size > limit) return null;
      text += decoder.decode(chunk, { stream: true });
    }
  } catch {
    return null;
  }
  return text + decoder.decode();
}
