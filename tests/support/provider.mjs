// An OpenID provider on this machine, and a browser's way through it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";
import { call } from "./http.mjs";

const CLIENT = "perch-console";
const SECRET = "a-secret:with/odd+characters%";

/** A key pair for signing, its public half as a key set has it. */
export async function keyPair(kid, alg = "RS256") {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, privateKey, publicKey, shown: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

/**
 * Starts the provider; `people` are claims by account. `open(origin)` lets the edge at that origin in. `who` signs
 * in next, `keys` is what the key set shows, and `forge(nonce)` gives an ID token in place of the provider's.
 */
export async function startProvider(people) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const key = await keyPair("own");
  const provider = { issuer, key, keys: [key.shown], who: null, forge: null, asked: [] };
  let nonce = null;
  return Object.assign(provider, {
    client: CLIENT,
    /** The worker's variables. */
    vars: {
      PERCH_IDENTITY: "oidc",
      PERCH_OIDC_ISSUER: issuer,
      PERCH_OIDC_CLIENT_ID: CLIENT,
      PERCH_OIDC_CLIENT_SECRET: SECRET,
    },
    async open(origin) {
      const own = { ...(await exportJWK(key.privateKey)), kid: "own", alg: "RS256", use: "sig" };
      const oidc = new Provider(issuer, {
        clients: [{
          client_id: CLIENT,
          client_secret: SECRET,
          redirect_uris: [`${origin}/signed-in`],
        }],
        pkce: { required: () => true },
        scopes: ["openid", "email"],
        claims: { openid: ["sub", "groups"], email: ["email", "email_verified"] },
        conformIdTokenClaims: false,
        jwks: { keys: [own] },
        cookies: { keys: ["only for tests"] },
        features: { devInteractions: { enabled: false } },
        interactions: { url: (_, { uid }) => `/interaction/${uid}` },
        findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
        async loadExistingGrant({ oidc: { client, session, provider: { Grant } } }) {
          const grant = new Grant({ clientId: client.clientId, accountId: session.accountId });
          grant.addOIDCScope("openid email");
          await grant.save();
          return grant;
        },
      });
      const plain = oidc.callback();
      server.on("request", async (request, response) => {
        const { pathname, searchParams } = new URL(request.url, issuer);
        provider.asked.push(pathname);
        const reply = (value) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
        if (pathname === "/auth" && searchParams.has("nonce")) nonce = searchParams.get("nonce");
        if (pathname === "/jwks") reply({ keys: provider.keys });
        else if (pathname === "/token" && provider.forge) reply({ id_token: await provider.forge(nonce) });
        else if (pathname.startsWith("/interaction/")) await oidc.interactionFinished(request, response, { login: { accountId: provider.who } });
        else plain(request, response);
      });
    },
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  });
}

/** A browser: cookies by origin, and redirects one by one. */
export class Visit {
  #cookies = new Map();

  constructor(edge) {
    this.edge = edge;
  }

  /** The `Cookie` header for the edge. */
  get cookie() {
    return this.#header(this.edge);
  }

  async get(url) {
    const { origin, pathname, search } = new URL(url);
    const answer = await call(origin, "GET", `${pathname}${search}`, { headers: { cookie: this.#header(origin) } });
    const jar = this.#cookies.get(origin) ?? new Map();
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    this.#cookies.set(origin, jar);
    return answer;
  }

  /** From the console's link up to the address at which the provider sends the browser back. */
  async toTheWayBack(start = "/operator/oidc") {
    let url = `${this.edge}${start}`;
    for (let hops = 0; hops < 8; hops += 1) {
      const answer = await this.get(url);
      assert.ok([302, 303].includes(answer.status), `${url} ${answer.status} ${answer.text}`);
      url = new URL(answer.headers.location, url).href;
      if (url.startsWith(`${this.edge}/signed-in`)) return url;
    }
    throw new Error("the provider leads in circles");
  }

  /** All the way; the last answer is the edge's. */
  async signIn(start) {
    return this.get(await this.toTheWayBack(start));
  }

  #header(origin) {
    return [...(this.#cookies.get(origin) ?? [])].map((pair) => pair.join("=")).join("; ");
  }
}
