// The root key changes while visitors chat; what they hold goes on as long as the old key is configured.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startEdge } from "../support/edge.mjs";
import { assertRefused } from "../support/http.mjs";
import { startPlatform } from "../support/platform.mjs";
import { read } from "../support/tokens.mjs";
import { Visitor } from "../support/visitor.mjs";
import { startWorld } from "../support/world.mjs";

const ACCESS = "canary-access-token-of-the-platform";
const PLATFORM_SESSION = "canary-platform-session";

let platform;
let world;
before(async () => {
  platform = await startPlatform({
    answer(request, response) {
      const body = {
        "/api/v1/access-token": { access_token: ACCESS, expires_in: 86_400 },
        "/api/v1/sessions": { session_id: PLATFORM_SESSION },
      }[request.url];
      if (body === undefined) return false;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
      return true;
    },
  });
  world = await startWorld({ platform });
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});

/** The same deployment, started again with these root keys. */
async function withKeys(current, previous, work) {
  const vars = { PERCH_ROOT_KEY: current.toString("base64url"), ...(previous ? { PERCH_ROOT_KEY_PREVIOUS: previous.toString("base64url") } : {}) };
  const edge = await startEdge({ keys: world.keys, folder: world.folder, hosts: platform.hosts(), vars });
  try {
    return await work(edge.url);
  } finally {
    await edge.stop();
  }
}

const keyId = (token) => token.split(".")[1];
const resume = (edge, visitor) => new Visitor(edge).post("/visitor/session", { site: "shop", resume: visitor.resume, renew: true }, {});

test("T06 T81 both keys are good while a rotation lasts, then only the new one; sessions go on through it", async () => {
  const [first, second] = [world.keys.root, randomBytes(32)];
  const visitor = await Visitor.open(world.edge.url);
  await world.edge.stop();

  const renewed = await withKeys(second, first, async (edge) => {
    const old = Object.assign(new Visitor(edge), { token: visitor.token });
    const ticket = await old.ticket();
    assert.notEqual(keyId(ticket), keyId(visitor.token), "the new key signs");
    const before = platform.handshakes.length;
    const wire = await old.socket({ ticket });
    const { url } = platform.handshakes[before];
    assert.ok(url.includes(ACCESS) && url.includes(PLATFORM_SESSION), "what the old key sealed opens");
    await wire.close();
    const answer = await resume(edge, visitor);
    assert.deepEqual([answer.status, answer.json.session], [200, visitor.session]);
    assert.equal(keyId(answer.json.token), keyId(ticket));
    return answer.json;
  });

  await withKeys(second, null, async (edge) => {
    const old = Object.assign(new Visitor(edge), { token: visitor.token });
    assertRefused(await old.post("/visitor/ticket", {}), 401, "token_invalid");
    assertRefused(await resume(edge, visitor), 409, "session_ended");
    const current = Object.assign(new Visitor(edge), { token: renewed.token });
    assert.equal((await current.post("/visitor/ticket", {})).status, 201);
    // Sealed by a key that is gone: the session is over, and nothing is dialled.
    await platform.untouched(async () => {
      assertRefused(await current.dial(await current.ticket()).refusal(), 409, "session_ended");
    });
    const fresh = await Visitor.open(edge);
    assert.ok(read(fresh.token).expires - read(fresh.token).issued <= 600);
    await (await fresh.socket()).close();
  });

  await withKeys(randomBytes(32), null, async (edge) => {
    for (const token of [visitor.token, renewed.token]) {
      const stranger = Object.assign(new Visitor(edge), { token });
      assertRefused(await stranger.post("/visitor/ticket", {}), 401, "token_invalid");
    }
  });
});

test("T80 a session's storage has nothing of the platform in the clear", async () => {
  await withKeys(world.keys.root, null, async (edge) => {
    const visitor = await Visitor.open(edge);
    await (await visitor.socket()).close();
  });
  const state = join(world.folder, "state");
  const files = (await readdir(state, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  let seen = 0;
  for (const file of files) {
    const bytes = await readFile(join(file.parentPath, file.name));
    seen += bytes.includes("visit") ? 1 : 0;
    for (const secret of [ACCESS, PLATFORM_SESSION]) {
      assert.ok(!bytes.includes(secret), `${file.name}: ${secret}`);
      assert.ok(!bytes.includes(Buffer.from(secret).toString("base64url").slice(0, -2)), `${file.name}: encoded`);
    }
  }
  assert.ok(seen > 0, "sessions were stored");
});
