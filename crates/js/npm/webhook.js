// Signed deliveries and context tokens.
import { PerchError } from "./error.js";
import { sign, within } from "./module.js";
import { bytesOf, headersOf } from "./values.js";

const clock = () => Math.floor(Date.now() / 1000);

/** Verifies a delivery; throws when it is not the platform's. */
export async function verifyWebhook({ headers, body }, secrets, { now = clock() } = {}) {
  const bytes = bytesOf(body);
  const known = secretsOf(secrets).flatMap(({ name, standing, secret }) => [name, standing, secret]);
  const verified = await within(sign, (glue) => JSON.parse(glue.verify(headersOf(headers), bytes, known, now)));
  return { ...verified, event: eventOf(bytes) };
}

/** Signs a body as the platform does. */
export async function signWebhook(secret, eventId, body, { now = clock() } = {}) {
  const texts = await within(sign, (glue) => glue.sign(secret, eventId, bytesOf(body), now));
  return Object.fromEntries([0, 2, 4].map((at) => [texts[at], texts[at + 1]]));
}

/** Mints the token by which a backend vouches for a visitor. */
export function mintContextToken({ kid, secret, contextId, values, lifetime = 30, now = clock() }) {
  return within(sign, (glue) => JSON.parse(glue.mint(kid, secret, contextId, JSON.stringify(values), lifetime, now)));
}

/** Secrets with name and standing, however they were given. */
export function secretsOf(secrets) {
  const list = Array.isArray(secrets) ? secrets : [secrets];
  return list.map((one, at) => (typeof one === "string"
    ? { name: at === 0 ? "current" : `secret ${at + 1}`, standing: "current", secret: one }
    : { standing: "current", ...one }));
}

function eventOf(bytes) {
  try {
    const event = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof event?.event_type === "string") return event;
  } catch {
    // Refused below.
  }
  throw new PerchError({
    code: "webhook_event",
    message: "the delivery is genuine, but its body is no event",
    remedy: "Answer 200 and look at the body: a retry would be the same.",
    retry: "never",
  });
}
