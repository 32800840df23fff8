/** Anything that JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Bytes in any of the forms a page or a server has them. A `File` brings its name along. */
export type Binary = Uint8Array | ArrayBuffer | Blob;

/** A form: `URLSearchParams` is sent url-encoded, `FormData` in parts. */
export type Form = URLSearchParams | FormData;
