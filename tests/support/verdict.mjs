// What no answer of the worker may be, whatever was asked and whatever the platform said.

const ALWAYS = { "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "DENY", "cross-origin-opener-policy": "same-origin" };
/** The only ways in which the worker itself may say 5xx: the platform's trouble, or missing configuration. */
const OWN_5XX = /^(upstream_\w+|endpoint_undone|endpoint_stranded|rotation_lost|not_configured)$/;
/** What the runtime says by itself to a request that never becomes one of the worker's. */
const RUNTIME = /^(ERROR: |invalid URI|Bad Request|$)/;
/** Headers that only the platform or a careless worker would set. */
const FOREIGN = ["server", "location", "x-echo", "www-authenticate", "x-api-key", "refresh", "via", "link", "warning", "x-huge", "content-location"];

/** What is wrong with an answer, in words; nothing when it is as it must be. `asked`: the platform was. */
export function verdict({ plane, method, path }, { status, head, body }, asked) {
  if (plane === "socket" || status === 0) return [];
  const headers = {};
  for (let at = 1; at + 1 < head.length; at += 2) headers[head[at].toLowerCase()] = head[at + 1];
  const text = body.toString("latin1");
  if (!headers["x-request-id"]) {
    return asked || !RUNTIME.test(text) || ![400, 501, 505, 431].includes(status) ? [`no request id on ${status}: ${text.slice(0, 60)}`] : [];
  }
  const wrong = [];
  for (const [name, value] of Object.entries(ALWAYS)) if (headers[name] !== value) wrong.push(`T29 ${name}: ${headers[name]}`);
  if (!headers["content-security-policy"]?.includes("frame-ancestors 'none'")) wrong.push("T29 content-security-policy");
  if (!/^[\w-]{8,64}$/.test(headers["x-request-id"])) wrong.push("T29 x-request-id");
  for (const name of FOREIGN) if (headers[name] !== undefined && status !== 308) wrong.push(`T25 ${name}`);
  if (headers["set-cookie"] && plane !== "operator") wrong.push("T25 set-cookie");
  if (path.startsWith("/visitor/") && headers.vary !== "Origin") wrong.push(`T13 vary: ${headers.vary}`);
  if (headers["access-control-allow-credentials"]) wrong.push("T12 credentials");
  const own = text.startsWith('{"error":{"code":"') && text.includes('"request_id"');
  if (status >= 400 && method !== "HEAD" && (own || !asked || plane !== "api")) wrong.push(...refusal(status, text, headers));
  return wrong;
}

// T31: code, message and remedy of the closed list, and the request's id.
function refusal(status, text, headers) {
  let said;
  try {
    said = JSON.parse(text);
  } catch {
    return [`T31 no fixed refusal at ${status}: ${text.slice(0, 60)}`];
  }
  const { error, request_id: id, ...more } = said;
  const wrong = [];
  if (Object.keys(error ?? {}).join() !== "code,message,remedy" || Object.keys(more).length > 0) wrong.push(`T31 shape of ${text.slice(0, 80)}`);
  if (id !== headers["x-request-id"]) wrong.push("T31 the request id is not the header's");
  if (headers["cache-control"] !== "no-store") wrong.push("T42 a refusal that may be stored");
  if (status >= 500 && !OWN_5XX.test(error?.code)) wrong.push(`T92 ${status} ${error?.code}`);
  return wrong;
}
