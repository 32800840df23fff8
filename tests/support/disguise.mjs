// The spellings in which a faulty platform may repeat what it was sent.

const unicode = (text) => [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
const percent = (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
const string = (text) => JSON.stringify(text).slice(1, -1);

/** Each spells a text. All but `unicode` fit into a header; all fit into a JSON string as they are. */
export const DISGUISES = {
  plain: string,
  twice: (text) => string(string(text)),
  unicode,
  url: (text) => encodeURIComponent(text),
  percent,
  PERCENT: (text) => percent(text).toUpperCase(),
  base64: (text) => Buffer.from(text).toString("base64"),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  // In a longer text the same bytes look otherwise, by where they begin.
  "base64 inside": (text) => Buffer.from(`k=${text}`).toString("base64"),
};
