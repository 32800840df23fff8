// The worker's token layout, written down a second time: a test that knows the root key can make
// tokens that are genuine in all but one point.
import { createHash, createHmac } from "node:crypto";

const mac = (key, message) => createHmac("sha256", key).update(message).digest();

/** A token `<prefix>.<key id>.<payload>.<mac>`; `signWith` names the purpose whose key signs. */
export function forge(root, prefix, claims, signWith = prefix) {
  const extracted = mac("perch tokens v1", root);
  const expand = (info) => mac(extracted, Buffer.concat([Buffer.from(info), Buffer.from([1])]));
  const id = expand("key id").subarray(0, 6).toString("base64url");
  const signed = `${prefix}.${id}.${layOut(claims).toString("base64url")}`;
  return `${signed}.${mac(expand(signWith), signed).toString("base64url")}`;
}

/** The payload of a token as claims. */
export function read(token) {
  const bytes = Buffer.from(token.split(".")[2], "base64url");
  const time = (at) => Number(bytes.readBigUInt64BE(at));
  return {
    version: bytes[0],
    session: bytes.subarray(1, 17),
    site: bytes.subarray(17, 25),
    origin: bytes.subarray(25, 33),
    nonce: bytes.subarray(33, 49),
    role: bytes[49],
    issued: time(50),
    expires: time(58),
    absolute: time(66),
  };
}

/** The short name of a site or an origin inside a token. */
export const tag = (text) => createHash("sha256").update(text).digest().subarray(0, 8);

function layOut({ version, session, site, origin, nonce, role, issued, expires, absolute }) {
  const times = Buffer.alloc(24);
  [issued, expires, absolute].forEach((time, at) => times.writeBigUInt64BE(BigInt(time), at * 8));
  return Buffer.concat([Buffer.from([version]), session, site, origin, nonce, Buffer.from([role]), times]);
}
