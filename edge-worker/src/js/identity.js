// Signatures of identity providers, checked by the runtime: no such code is in the worker.

const KINDS = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
};

/** Whether the signature is that of `key`, a JWK as text with nothing but the key in it. */
export async function verify(algorithm, key, signature, signed) {
  const kind = KINDS[algorithm];
  try {
    const imported = await crypto.subtle.importKey("jwk", JSON.parse(key), kind, false, ["verify"]);
    return await crypto.subtle.verify(kind, imported, signature, new TextEncoder().encode(signed));
  } catch {
    return false;
  }
}
