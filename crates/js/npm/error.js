// The one kind of error that this package throws.

export class PerchError extends Error {
  constructor({ message, ...fields }, options) {
    super(message, options);
    Object.assign(this, fields);
  }

  /** Reads what the wasm modules throw: the fields as JSON. */
  static from(thrown, options) {
    if (thrown instanceof PerchError) return thrown;
    if (typeof thrown === "string") return new PerchError(JSON.parse(thrown), options);
    const fields = { code: "internal", message: "the client failed", remedy: "Report this with its cause.", retry: "never" };
    return new PerchError(fields, { cause: thrown });
  }
}

Object.defineProperty(PerchError.prototype, "name", { value: "PerchError", writable: true, configurable: true });
