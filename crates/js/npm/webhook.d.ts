/** Header fields as programs have them: `Headers`, Node's `request.headers` or `request.rawHeaders`, pairs. */
export type HeadersLike =
  | Iterable<readonly [string, string]>
  | readonly string[]
  | { readonly [name: string]: string | readonly string[] | undefined };

/** One HTTP delivery as received. */
export interface Delivery {
  headers: HeadersLike;
  /** The raw body, before anything has parsed it. */
  body: Uint8Array | ArrayBuffer | string;
}

/** A secret with a name that may be shown. */
export interface KnownSecret {
  name: string;
  secret: string;
  /**
   * `current` when absent. `previous`: rotated out, still accepted. `retired` and `foreign` (another
   * endpoint's) are never accepted; explanations can name them.
   */
  standing?: "current" | "previous" | "retired" | "foreign";
}
