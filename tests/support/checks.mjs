// A stand-in for Turnstile: the script a page loads, and siteverify with its documented answers.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { text as readText } from "node:stream/consumers";

const LIFE_MS = 300_000;

/** What the provider's script does, without a puzzle: it asks for a token and hands it over. */
const SCRIPT = `globalThis.turnstile = {
  render(selector, { sitekey, action, cData, callback, ...options }) {
    document.querySelector(selector).textContent = "Stand-in check";
    const solve = async () => {
      const body = JSON.stringify({ sitekey, action, cdata: cData, hostname: location.hostname });
      const answer = await fetch(new URL("/issue", document.querySelector("script[src]").src), { method: "POST", body });
      const { token, interactive } = await answer.json();
      if (!interactive) return callback(token);
      options["before-interactive-callback"]();
      const button = document.createElement("button");
      button.textContent = "I am a person";
      button.onclick = () => callback(token);
      document.querySelector(selector).replaceChildren(button);
    };
    solve().catch(() => options["error-callback"]());
    return "w-1";
  },
  reset() {},
};
ready();`;

/** Starts it. `mode`: `up`, `down` (no answer that means anything), `flaky` (every first answer is lost). */
export async function startChecks({ siteKey, secret }) {
  const issued = new Map();
  const checks = { mode: "up", verified: [], interactive: false, shift: 0 };
  const issue = ({ sitekey, action, cdata, hostname }) => {
    if (sitekey !== siteKey) throw new Error("unknown site key");
    const token = `t.${randomBytes(24).toString("base64url")}`;
    issued.set(token, { action, cdata, hostname, at: Date.now(), key: null });
    return token;
  };
  const verify = (form) => {
    const fail = (...codes) => ({ success: false, "error-codes": codes });
    if (!form.get("secret")) return fail("missing-input-secret");
    if (form.get("secret") !== secret) return fail("invalid-input-secret");
    if (!form.get("response")) return fail("missing-input-response");
    const found = issued.get(form.get("response"));
    if (!found) return fail("invalid-input-response");
    const again = found.key !== null && found.key === form.get("idempotency_key");
    if (Date.now() + checks.shift - found.at > LIFE_MS || (found.key !== null && !again)) return fail("timeout-or-duplicate");
    found.key = form.get("idempotency_key") ?? "none";
    const { action, cdata, hostname } = found;
    return { success: true, challenge_ts: new Date(found.at).toISOString(), hostname, "error-codes": [], action, cdata, metadata: {} };
  };
  const server = createServer(async (request, response) => {
    const body = await readText(request);
    const reply = (status, value, headers = {}) => {
      response.writeHead(status, { "content-type": "application/json", "access-control-allow-origin": "*", ...headers });
      response.end(typeof value === "string" ? value : JSON.stringify(value));
    };
    const { pathname } = new URL(request.url, "http://x");
    if (pathname === "/turnstile/v0/api.js") return reply(200, SCRIPT, { "content-type": "text/javascript" });
    if (pathname === "/issue") return reply(200, { token: issue(JSON.parse(body)), interactive: checks.interactive });
    if (pathname !== "/turnstile/v0/siteverify" || request.method !== "POST") return reply(404, {});
    const form = new URLSearchParams(body);
    checks.verified.push(Object.fromEntries(form));
    if (checks.mode === "down") return reply(503, "<html>down</html>");
    const answer = verify(form);
    if (checks.mode === "flaky" && checks.verified.length % 2 === 1) return response.destroy();
    reply(200, answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(checks, {
    issue,
    url: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  });
}
