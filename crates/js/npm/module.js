// One wasm module, loaded when it is first needed. How it is loaded is the entry's affair.
import { PerchError } from "./error.js";

export class Module {
  #load;
  #loading;

  /** Says how to load it; the entries do this once, before anybody asks. */
  provide(load) {
    this.#load = load;
  }

  /** The module's exports. An attempt that failed is not remembered. */
  get() {
    return (this.#loading ??= this.#attempt());
  }

  async #attempt() {
    try {
      return await this.#load();
    } catch (cause) {
      this.#loading = undefined;
      const fields = {
        code: "module_unavailable",
        message: "the wasm module could not be loaded",
        remedy: "Serve the package's wasm folder beside its scripts, and try again.",
        retry: "later",
      };
      throw new PerchError(fields, { cause });
    }
  }
}

/** Calls. */
export const perch = new Module();
/** Lists row by row, recordings. */
export const stream = new Module();
/** Signed deliveries and context tokens. */
export const sign = new Module();
/** Chats. */
export const chat = new Module();
/** Explanations of failed deliveries. */
export const explain = new Module();

/** Runs something of the module and makes its errors ours. */
export async function within(module, work) {
  const glue = await module.get();
  try {
    return await work(glue);
  } catch (thrown) {
    throw PerchError.from(thrown);
  }
}
