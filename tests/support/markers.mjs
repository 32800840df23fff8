// Looks for secrets in anything that was collected, in every spelling a leak could take.
import { gunzipSync, inflateSync } from "node:zlib";

/** The spellings of one secret. */
function spellings(secret) {
  const bytes = Buffer.isBuffer(secret) ? secret : Buffer.from(secret, "utf8");
  const text = bytes.toString("latin1");
  const forms = new Map([
    ["raw", text],
    ["reversed", [...text].reverse().join("")],
    ["hex", bytes.toString("hex")],
    ["HEX", bytes.toString("hex").toUpperCase()],
    ["percent", percent(bytes)],
    ["PERCENT", percent(bytes).toUpperCase()],
    ["\\u", [...bytes].map((byte) => `\\u${byte.toString(16).padStart(4, "0")}`).join("")],
    ["utf-16", Buffer.from(text, "utf16le").toString("latin1")],
    ["escaped", JSON.stringify(text).slice(1, -1)],
    ["url-encoded", encodeURIComponent(text)],
  ]);
  // Inside a longer text the same bytes look three ways in base64, by where they begin.
  for (let shift = 0; shift < 3; shift += 1) {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
    const whole = padded.toString("base64").replace(/=+$/, "");
    // Letters that also hold bits of the neighbours are cut off at both ends.
    const inner = whole.slice(shift === 0 ? 0 : shift + 1, whole.length - 1);
    forms.set(`base64+${shift}`, inner);
    forms.set(`base64url+${shift}`, inner.replaceAll("+", "-").replaceAll("/", "_"));
  }
  forms.set("base64 of a root key", bytes.toString("base64").replace(/=+$/, ""));
  forms.set("base64url of a root key", bytes.toString("base64url"));
  return forms;
}

const percent = (bytes) => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

/** A scanner for named secrets. */
export class Scanner {
  #forms = [];
  /** What was looked at, with its size; a scan of nothing proves nothing. */
  seen = new Map();
  found = [];

  constructor(secrets) {
    for (const [name, secret] of Object.entries(secrets)) this.add(name, secret);
  }

  add(name, secret) {
    for (const [form, text] of spellings(secret)) {
      if (text.length < 12) throw new Error(`${name} is too short to look for`);
      this.#forms.push({ name, form, text });
    }
  }

  /** Looks through text or bytes; packed bytes are looked through unpacked as well. */
  look(place, content) {
    for (const { name, form } of this.search(place, content)) this.found.push(`${name} (${form}) in ${place}`);
  }

  /** The same, with what was found as the answer. */
  search(place, content) {
    if (content === null || content === undefined) return [];
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(String(content), "utf8");
    this.seen.set(place, (this.seen.get(place) ?? 0) + bytes.length);
    const texts = [bytes.toString("latin1"), ...unpacked(bytes)];
    return this.#forms.filter(({ text: needle }) => texts.some((text) => text.includes(needle)));
  }
}

function unpacked(bytes) {
  const unpack = { 0x1f8b: gunzipSync, 0x789c: inflateSync, 0x78da: inflateSync }[bytes.length > 2 ? bytes.readUInt16BE() : 0];
  try {
    return unpack ? [unpack(bytes).toString("latin1")] : [];
  } catch {
    // Something else that begins alike.
    return [];
  }
}
