import type { Delivery, KnownSecret } from "../webhook.js";

export { PerchError } from "../index.js";
export type { Delivery, HeadersLike, KnownSecret } from "../webhook.js";

/** Why a delivery fails. Nothing in it is a secret, a body, or the signature that was expected. */
export interface Explanation {
  /** A stable code, for example `wrong_secret`, `body_reserialised` or `valid`. */
  diagnosis: string;
  /** `proven`: the signature fits under this hypothesis. `likely`: circumstances say so. */
  confidence: "none" | "likely" | "proven";
  evidence: {
    about: "headers" | "signature" | "timestamp" | "secret" | "layout" | "algorithm" | "body" | "search";
    text: string;
  }[];
  /** What to do. */
  remedy: string;
  /** How many were tried. */
  hypotheses: number;
  /** More could have been tried. */
  cutShort: boolean;
}

/**
 * Finds out why a delivery fails; one that verifies is called `valid`.
 *
 * For whoever operates the receiver, never for whoever sent the delivery. Give every known secret,
 * also retired ones and those of other endpoints, and recent other deliveries, newest first.
 */
export function explainWebhook(
  delivery: Delivery,
  secrets: string | readonly (string | KnownSecret)[],
  options?: { recent?: readonly Delivery[]; now?: number },
): Promise<Explanation>;
