// Why a signed delivery fails: for whoever operates the receiver, never for whoever sent the delivery.
import { PerchError } from "../error.js";
import { explain, within } from "../module.js";
import { bytesOf, headersOf } from "../values.js";
import { secretsOf } from "../webhook.js";

/** Finds out why a delivery fails; one that verifies is called valid. */
export function explainWebhook({ headers, body }, secrets, { recent = [], now = Math.floor(Date.now() / 1000) } = {}) {
  return within(explain, (glue) => {
    const known = new glue.Known();
    try {
      for (const { name, standing, secret } of secretsOf(secrets)) known.secret(name, standing, secret);
      for (const delivery of recent) known.recent(headersOf(delivery.headers), bytesOf(delivery.body));
      return known.explain(headersOf(headers), bytesOf(body), now);
    } finally {
      known.free();
    }
  });
}

export { PerchError };
