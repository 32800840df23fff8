// Our own keys in what the platform sends back, in every spelling in which a program repeats what it was sent.
import { redacted } from "./redact.js";

// The spellings of a key, kept because they are needed with every answer; bounded by the number of keys.
const known = new Map();

// Names of accounts and hosts stand beside keys and are no secret.
const PLAIN = ["x-token-id", "x-host"];

/** What must not come back: the last `count` names and values are credentials. */
export function needles(lines, count) {
  const all = [];
  for (let at = lines.length - 2 * count; at < lines.length; at += 2) {
    const forms = spelled(lines[at], lines[at + 1]);
    if (forms !== null) all.push(forms);
  }
  return all;
}

/** Whether one of them is in a text. */
export function hasLeak(text, needles) {
  const holds = (form) => text.includes(form);
  for (const { plain, escaped, percent } of needles) {
    for (const form of plain) if (text.includes(form)) return true;
    // Each search costs; most texts have no escapes.
    if (text.includes("\\u00") && escaped.some(holds)) return true;
    if (text.includes("%") && percent.some(holds)) return true;
  }
  return false;
}

/** Whether bytes begin as packed ones do (gzip, zlib). Nobody said so, and nobody can look through them. */
export function isPacked([first, second]) {
  return (first === 0x1f && second === 0x8b) || (first === 0x78 && [0x01, 0x9c, 0xda].includes(second));
}

/** How many characters at the end may be the beginning of one of them. */
export function tail(text, needles) {
  let most = 0;
  for (const { all } of needles) {
    for (const form of all) {
      for (let length = Math.min(form.length - 1, text.length); length > most; length -= 1) {
        if (text[text.length - length] === form[0] && text.endsWith(form.slice(0, length))) most = length;
      }
    }
  }
  return most;
}

/** What becomes of a whole text. */
export function judged({ needles }, status, head, text) {
  if (hasLeak(text, needles)) return "withheld";
  try {
    return { status, head, body: redacted(text) };
  } catch {
    return "withheld";
  }
}

function spelled(name, value) {
  if (PLAIN.includes(name.toLowerCase())) return null;
  let forms = known.get(value);
  if (forms === undefined) {
    forms = spellings(value.startsWith("Bearer ") ? value.slice(7) : value);
    if (known.size > 2_000) known.clear();
    known.set(value, forms);
  }
  return forms;
}

function spellings(key) {
  // A key is printable ASCII.
  const each = (spell) => [...key].map((letter) => spell(letter.charCodeAt(0).toString(16))).join("");
  const cased = (spell) => [each(spell), each((hex) => spell(hex.toUpperCase()))];
  const plain = new Set([key, JSON.stringify(key).slice(1, -1)]);
  // Inside a longer text the same letters look three ways in base64, by where they begin. Those that
  // also hold bits of the neighbours are cut off at both ends.
  for (let shift = 0; shift < 3; shift += 1) {
    const packed = btoa("\0".repeat(shift) + key).replace(/=+$/, "");
    const inner = packed.slice(shift === 0 ? 0 : shift + 1, -1);
    plain.add(inner).add(inner.replaceAll("+", "-").replaceAll("/", "_"));
  }
  const escaped = cased((hex) => `\\u00${hex}`);
  const percent = [...cased((hex) => `%${hex}`), encodeURIComponent(key)];
  return { plain: [...plain], escaped, percent, all: [...plain, ...escaped, ...percent] };
}
