// Signing in, staying in, getting out; and what keeps other sites' pages away from the operator plane.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { ACCOUNT, PROJECT, SHOP } from "../support/edge.mjs";
import { assertRefused, assertSecured, call } from "../support/http.mjs";
import { Operator, redeem } from "../support/operator.mjs";
import { noConversations, startPlatform } from "../support/platform.mjs";
import { forge, read } from "../support/tokens.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;

let platform;
before(async () => {
  platform = await startPlatform({ answer: noConversations });
});
after(() => platform?.stop());

/** A worker of its own for tests that use the one sign-in up. */
function own(about, options, work) {
  test(about, async () => {
    const world = await startWorld({ platform, ...options });
    try {
      await work(world.edge.url, world);
    } finally {
      await world.stop();
    }
  });
}

own("T65 the sign-in link works once, also when two use it at the same time", {}, async (edge, { keys }) => {
  for (const wrong of ["", "x", keys.setup.slice(0, -1), `${keys.setup}x`, keys.setup.toUpperCase(), ` ${keys.setup}`]) {
    assertRefused(await redeem(edge, wrong), 401, "setup_invalid", "wrong token");
  }
  const both = await Promise.all(Array.from({ length: 3 }, () => redeem(edge, keys.setup)));
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401, 401]);
  for (const answer of both.filter(({ status }) => status === 401)) {
    assertRefused(answer, 401, "setup_invalid");
    assert.equal(answer.headers["set-cookie"], undefined);
  }
  // A page reload with the used link must not sign anybody in either.
  assertRefused(await redeem(edge, keys.setup), 401, "setup_invalid");
});

const past = String(Math.floor(Date.now() / 1000) - 1);
own("T65 an expired sign-in link is refused and not used up", { vars: { PERCH_SETUP_EXPIRES: past } },
  async (edge, { keys }) => assertRefused(await redeem(edge, keys.setup), 401, "setup_invalid"));

own("T65 without a configured link nobody signs in", { vars: { PERCH_SETUP_TOKEN: "" } }, async (edge) => {
  for (const token of ["", "undefined", "null"]) assertRefused(await redeem(edge, token), 401, "setup_invalid");
});

own("T65 guessing is slowed down, and locks nobody with the right link out", {}, async (edge, { keys }) => {
  for (let at = 0; at < 10; at += 1) assertRefused(await redeem(edge, `guess-${at}`), 401, "setup_invalid");
  const answer = await redeem(edge, "guess-10");
  assertRefused(answer, 429, "too_many_requests");
  assert.ok(Number(answer.headers["retry-after"]) > 0);
  assert.equal((await redeem(edge, keys.setup)).status, 200);
  // Used, it is as wrong as any other.
  assertRefused(await redeem(edge, keys.setup), 429, "too_many_requests");
});

own("T65 guesses are counted per address, and all together at a higher limit", {}, async (edge, { keys }) => {
  const guess = (address) => redeem(edge, "guess", { "x-perch": "1", "cf-connecting-ip": address });
  for (let at = 0; at < 10; at += 1) assertRefused(await guess("203.0.113.1"), 401, "setup_invalid");
  assertRefused(await guess("203.0.113.1"), 429, "too_many_requests");
  assertRefused(await guess("203.0.113.2"), 401, "setup_invalid", "another address");
  for (let at = 0; at < 89; at += 1) assertRefused(await guess(`198.51.100.${at}`), 401, "setup_invalid");
  assertRefused(await guess("203.0.113.3"), 429, "too_many_requests");
  assert.equal((await redeem(edge, keys.setup)).status, 200);
});

own("T65 a short sign-in token is a configuration error", { vars: { PERCH_SETUP_TOKEN: "nineteen-characters" } },
  async (edge) => assertRefused(await redeem(edge, "nineteen-characters"), 503, "not_configured"));

own("T08 where no browser would keep the cookie the link is not used up", {}, async (edge, { keys }) => {
  for (const host of ["192.168.1.5:8787", "edge.example", "localhost.evil.example"]) {
    assertRefused(await redeem(edge, keys.setup, { "x-perch": "1", host }), 403, "insecure_origin", host);
  }
  assert.equal((await redeem(edge, keys.setup)).status, 200);
});

own("T14 a sign-in body of another shape uses nothing up", {}, async (edge, { keys }) => {
  const post = (body, type = "application/json") =>
    call(edge, "POST", "/operator/session", { headers: { "x-perch": "1", "content-type": type }, body });
  for (const body of ["", "{", "[]", "{}", "null", '{"setup_token":7}', `{"setup_token":"${keys.setup}","role":"admin"}`]) {
    assertRefused(await post(body), 400, "bad_body", body.slice(0, 20));
  }
  assertRefused(await post(`{"setup_token":"${"x".repeat(20_000)}"}`), 413, "too_large");
  assert.equal((await redeem(edge, keys.setup)).status, 200);
});

describe("a signed-in operator", () => {
  let world;
  let edge;
  let operator;
  before(async () => {
    world = await startWorld({ platform });
    edge = world.edge.url;
  });
  after(() => world?.stop());

  test("T08 the cookie has every attribute and a random session behind it", async () => {
    const answer = await redeem(edge, world.keys.setup);
    assert.equal(answer.status, 200, answer.text);
    assertSecured(answer);
    assert.equal(answer.headers["set-cookie"].length, 1);
    const [pair, ...attributes] = answer.headers["set-cookie"][0].split("; ");
    assert.match(pair, /^__Host-perch=po1\./);
    const [age, ...rest] = attributes.sort();
    assert.deepEqual([rest.sort(), /^HttpOnly$/.test(age)], [["Max-Age=43200", "Path=/", "SameSite=Strict", "Secure"], true]);
    assert.equal(answer.headers["access-control-allow-origin"], undefined);
    assert.deepEqual(Object.keys(answer.json).sort(), ["expires_in", "pii", "projects", "provider", "role", "step_up_left", "subject"]);
    assert.deepEqual(answer.json.projects, [
      { name: "Fernhill Outfitters", account_id: ACCOUNT, project_id: PROJECT, region: "us-1" },
    ]);
    assert.ok(answer.json.step_up_left > 290, "the link itself is a proof of presence");
    const claims = read(pair);
    assert.equal(claims.session.length, 16);
    assert.notDeepEqual(claims.session, Buffer.alloc(16));
    assert.equal(claims.absolute - claims.issued, 43_200);
    operator = Object.assign(new Operator(edge, pair), { profile: answer.json });
  });

  test("who am I, and the list", async () => {
    const me = await operator.get("/operator/session");
    assert.equal(me.status, 200);
    assert.equal(me.json.role, operator.profile.role);
    assert.equal((await operator.get(LIST)).status, 200);
  });

  test("T01 T04 T05 T08 a cookie that is forged, old, planted or unknown is no session", async () => {
    platform.requests.length = 0;
    const value = operator.cookie.split("=")[1];
    const claims = read(value);
    const now = Math.floor(Date.now() / 1000);
    const { root } = world.keys;
    const cookies = {
      none: "",
      "another name": `perch=${value}`,
      "two of the name": `__Host-perch=${value}; __Host-perch=${value}`,
      "one byte changed": `__Host-perch=${value.slice(0, 30)}${value[30] === "A" ? "B" : "A"}${value.slice(31)}`,
      expired: `__Host-perch=${forge(root, "po1", { ...claims, expires: now - 1 })}`,
      "past its absolute age": `__Host-perch=${forge(root, "po1", { ...claims, absolute: now - 1 })}`,
      "a foreign key": `__Host-perch=${forge(randomBytes(32), "po1", claims)}`,
      "another purpose's key": `__Host-perch=${forge(root, "po1", claims, "pv1")}`,
      "a session nobody opened": `__Host-perch=${forge(root, "po1", { ...claims, session: randomBytes(16) })}`,
    };
    for (const [about, cookie] of Object.entries(cookies)) {
      for (const path of ["/operator/session", LIST]) {
        const answer = await call(edge, "GET", path, { headers: cookie ? { cookie } : {} });
        assertRefused(answer, 401, "not_signed_in", `${about} on ${path}`);
      }
    }
    assert.deepEqual(platform.requests, []);
  });

  test("T05 a role inside the cookie counts for nothing: the session's object says who it is", async () => {
    const claims = read(operator.cookie.split("=")[1]);
    assert.equal(claims.role, 0);
    for (const role of [1, 5, 99]) {
      const cookie = `__Host-perch=${forge(world.keys.root, "po1", { ...claims, role })}`;
      const answer = await call(edge, "GET", "/operator/session", { headers: { cookie } });
      assert.equal(answer.json.role, "admin", `${role}`);
    }
  });

  test("T14 T16 every change needs the header, whatever its content type", async () => {
    platform.requests.length = 0;
    const changes = [["POST", "/operator/session"], ["DELETE", "/operator/session"], ["POST", LIST], ["PUT", LIST],
      ["PATCH", LIST], ["DELETE", LIST], ["POST", `/api/platform/v1/${ACCOUNT}/${PROJECT}/chat/create`],
      ["POST", "/api/messaging/api/v1/sessions"], ["DELETE", "/api/build/v1/agents/x"]];
    for (const [method, path] of changes) {
      for (const type of [undefined, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json"]) {
        for (const marker of [undefined, "", "0", "true", "1, 1"]) {
          const headers = { cookie: operator.cookie };
          if (type) headers["content-type"] = type;
          if (marker !== undefined) headers["x-perch"] = marker;
          const body = type ? JSON.stringify({ setup_token: world.keys.setup }) : undefined;
          const answer = await call(edge, method, path, { headers, body });
          assertRefused(answer, 403, "header_missing", `${method} ${path} ${type} ${marker}`);
        }
      }
    }
    assert.deepEqual(platform.requests, []);
    assert.equal((await operator.get("/operator/session")).status, 200, "the session still lives");
  });

  test("T15 what another site's page started is refused, reading too", async () => {
    platform.requests.length = 0;
    for (const from of [
      { "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }, { "sec-fetch-site": "Same-Origin" },
      { origin: SHOP }, { origin: "null" }, { origin: "https://evil.example" }, { origin: edge.replace("http", "https") },
      { origin: `${edge}.evil.example` }, { origin: edge.replace("localhost", "127.0.0.1") },
    ]) {
      for (const [method, path] of [["GET", "/operator/session"], ["DELETE", "/operator/session"], ["GET", LIST]]) {
        const answer = await operator.call(method, path, { headers: from });
        assertRefused(answer, 403, "cross_site", `${method} ${path} ${JSON.stringify(from)}`);
        assert.equal(answer.headers["access-control-allow-origin"], undefined);
      }
    }
    assert.deepEqual(platform.requests, []);
    for (const from of [{ "sec-fetch-site": "same-origin" }, { "sec-fetch-site": "none" }, { origin: edge }]) {
      assert.equal((await operator.get("/operator/session", from)).status, 200, JSON.stringify(from));
    }
  });

  test("T10 the operator plane answers no preflight", async () => {
    for (const path of ["/operator/session", LIST]) {
      const answer = await call(edge, "OPTIONS", path, {
        headers: { origin: "https://evil.example", "access-control-request-method": "DELETE", "access-control-request-headers": "x-perch" },
      });
      assert.ok(answer.status === 403 || answer.status === 405, `${answer.status}`);
      assert.equal(answer.headers["access-control-allow-origin"], undefined);
      assert.equal(answer.headers["access-control-allow-headers"], undefined);
    }
  });

  test("T09 signing out ends the session at once and takes the cookie back", async () => {
    assert.equal((await operator.get(LIST)).status, 200);
    const out = await operator.call("DELETE", "/operator/session");
    assert.equal(out.status, 204);
    assert.match(out.headers["set-cookie"][0], /^__Host-perch=; Max-Age=0; .*Secure/);
    platform.requests.length = 0;
    assertRefused(await operator.get("/operator/session"), 401, "not_signed_in");
    assertRefused(await operator.get(LIST), 401, "not_signed_in");
    assert.deepEqual(platform.requests, []);
    // Twice is no error; without a session there is nothing to end.
    assert.equal((await operator.call("DELETE", "/operator/session")).status, 204);
  });
});
