// Which pages may talk to the visitor plane: exactly those listed, and no page else is dialled for.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OTHER, SHOP } from "../support/edge.mjs";
import { assertRefused, assertSecured, call } from "../support/http.mjs";
import { startPlatform } from "../support/platform.mjs";
import { Visitor } from "../support/visitor.mjs";
import { startWorld } from "../support/world.mjs";

const ROUTES = ["session", "ticket", "chat/create", "chat/respond", "chat/close", "end"];
/** T11: what looks like the shop to a careless comparison. */
const IMPOSTORS = [
  "null",
  "https://shop.fernhill.example.evil.com",
  "https://evilshop.fernhill.example",
  "https://sub.shop.fernhill.example",
  "https://fernhill.example",
  "https://SHOP.fernhill.example",
  "HTTPS://shop.fernhill.example",
  "http://shop.fernhill.example",
  "https://shop.fernhill.example:443",
  "https://shop.fernhill.example:8443",
  "https://shop.fernhill.example.",
  "https://shop.fernhill.example/",
  "https://shop.fernhill.example/path",
  "https://user@shop.fernhill.example",
  "https://xn--shop-fernhill.example",
  "https://shop.fernhill.example, https://evil.example",
  "https://shop.fernhill.example https://evil.example",
  "https://evil.example",
  "*",
];

let platform;
let world;
let edge;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform });
  edge = world.edge.url;
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});

const post = (path, origin, headers = {}) =>
  call(edge, "POST", `/visitor/${path}`, {
    headers: { ...(origin === null ? {} : { origin }), "content-type": "application/json", ...headers },
    body: '{"site":"shop"}',
  });

test("T10 T11 an origin that is not listed is refused on every route, and nothing is dialled", async () => {
  const visitor = await Visitor.open(edge);
  platform.requests.length = 0;
  for (const route of ROUTES) {
    for (const origin of [null, ...IMPOSTORS]) {
      const answer = await post(route, origin, { authorization: `Bearer ${visitor.token}` });
      assertRefused(answer, 403, "origin_not_allowed", `${route} from ${origin}`);
      assert.equal(answer.headers["access-control-allow-origin"], undefined, `${route} from ${origin}`);
      assert.match(answer.headers.vary, /\bOrigin\b/);
    }
  }
  assert.deepEqual(platform.requests, []);
});

test("T11 two Origin headers are no origin", async () => {
  const answer = await call(edge, "POST", "/visitor/session", {
    headers: { origin: [SHOP, "https://evil.example"], "content-type": "application/json" },
    body: '{"site":"shop"}',
  });
  assertRefused(answer, 403, "origin_not_allowed");
});

test("T12 T13 the page's own origin comes back once, without credentials, and Vary names nothing else", async () => {
  const answer = await post("session", SHOP);
  assert.equal(answer.status, 201);
  assertSecured(answer);
  assert.equal(answer.headers["access-control-allow-origin"], SHOP);
  assert.equal(answer.headers["access-control-allow-credentials"], undefined);
  assert.equal(answer.headers.vary, "Origin");
  assert.equal(answer.headers["set-cookie"], undefined);
  assert.equal(answer.headers["cache-control"], "no-store");
});

test("T10 a preflight is answered for listed pages only", async () => {
  const preflight = (origin, route) =>
    call(edge, "OPTIONS", `/visitor/${route}`, {
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization" },
    });
  for (const route of ROUTES) {
    const good = await preflight(SHOP, route);
    assert.equal(good.status, 204);
    assertSecured(good);
    assert.equal(good.headers["access-control-allow-origin"], SHOP);
    assert.equal(good.headers["access-control-allow-methods"], "POST");
    assert.equal(good.headers["access-control-allow-credentials"], undefined);
    assert.equal(good.headers.vary, "Origin");
    for (const origin of IMPOSTORS) {
      const answer = await preflight(origin, route);
      assertRefused(answer, 403, "origin_not_allowed", `${route} from ${origin}`);
      assert.equal(answer.headers["access-control-allow-origin"], undefined);
    }
  }
});

test("T05 one site's page cannot use another site", async () => {
  platform.requests.length = 0;
  const foreign = await post("session", OTHER);
  assertRefused(foreign, 403, "origin_not_allowed");
  assert.deepEqual(platform.requests, []);

  const shop = await Visitor.open(edge);
  const stolen = { authorization: `Bearer ${shop.token}`, origin: OTHER };
  for (const route of ROUTES.slice(1)) {
    assertRefused(await shop.post(`/visitor/${route}`, {}, stolen), 401, "token_invalid", route);
  }
  const resumed = await Visitor.open(edge, { site: "other", origin: OTHER, resume: shop.resume });
  assert.equal(resumed.resumed, false);
  assert.notEqual(resumed.session, shop.session);
});

test("T17 a socket from a wrong page is refused before anything is dialled, and its ticket stays good", async () => {
  const visitor = await Visitor.open(edge);
  const ticket = await visitor.ticket();
  for (const origin of [null, ...IMPOSTORS]) {
    const refused = await visitor.dial(ticket, { origin }).refusal();
    assertRefused(refused, 403, "origin_not_allowed", `socket from ${origin}`);
  }
  assertRefused(await visitor.dial(ticket, { origin: OTHER }).refusal(), 401, "ticket_invalid");
  assert.deepEqual(platform.handshakes, []);
  const wire = await visitor.socket({ ticket });
  assert.equal(platform.handshakes.length, 1);
  await wire.close();
});

test("an unknown site is told nothing more than an unknown route", async () => {
  const answer = await call(edge, "POST", "/visitor/session", {
    headers: { origin: SHOP, "content-type": "application/json" },
    body: '{"site":"elsewhere"}',
  });
  assertRefused(answer, 404, "unknown_route");
});
