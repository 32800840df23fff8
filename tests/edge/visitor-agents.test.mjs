// Several agents of one site: chosen from a list, by key or by language, and never freely.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ACCOUNT, OTHER, PROJECT, SHOP, variables } from "../support/edge.mjs";
import { assertRefused, call } from "../support/http.mjs";
import { freshKeys } from "../support/keys.mjs";
import { startPlatform } from "../support/platform.mjs";
import { Visitor } from "../support/visitor.mjs";
import { startWorld } from "../support/world.mjs";

let platform;
let world;
let edge;
before(async () => {
  platform = await startPlatform({
    answer(request, response) {
      if (!request.url.endsWith("/chat/create")) return false;
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"conversation_id":"CONV-1","response":"Hola"}');
      return true;
    },
  });
  const [shop, other] = JSON.parse(variables({ keys: freshKeys(), hosts: {} }).PERCH_SITES);
  const theme = { mode: "light", position: "left" };
  const sites = [
    { ...shop, agents: { es: "shop-es", vip: "shop-vip", "pt-br": "shop-es", away: "other" } },
    { ...shop, id: "shop-es", title: "Fernhill España", agent_name: "Inés", project_id: "PROJECT-ES", theme },
    { ...shop, id: "shop-vip", title: "Fernhill Club", agent_name: "Vera" },
    other,
  ];
  world = await startWorld({ platform, vars: { PERCH_SITES: JSON.stringify(sites) } });
  edge = world.edge.url;
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});

const open = (body, origin = SHOP) => call(edge, "POST", "/visitor/session", {
  headers: { origin, "content-type": "application/json" }, body: JSON.stringify({ site: "shop", ...body }),
});

test("a page or its visitor's language chooses among the listed agents; an unlisted language changes nothing", async () => {
  const chosen = {
    Juno: [{}, { language: "de" }, { language: "" }, { language: "vipx" }, { language: "pt" }],
    Inés: [{ agent: "es" }, { language: "es" }, { language: "ES" }, { language: "es-MX" }, { language: "pt-BR" }, { agent: "es", language: "de" }],
    Vera: [{ agent: "vip" }, { agent: "vip", language: "es" }],
  };
  for (const [name, bodies] of Object.entries(chosen)) {
    for (const body of bodies) {
      const answer = await open(body);
      assert.deepEqual([answer.status, answer.json.site.agent_name], [201, name], JSON.stringify(body));
    }
  }
  assert.deepEqual((await open({ agent: "es" })).json.site.theme, { mode: "light", position: "left" });
});

test("T05 what is not listed cannot be chosen, nor what is listed for another origin", async () => {
  await platform.untouched(async () => {
    for (const agent of ["", "shop-es", "ES", "__proto__", PROJECT, ACCOUNT]) {
      assertRefused(await open({ agent }), 404, "unknown_route", agent);
    }
    assertRefused(await open({ agent: "away" }), 403, "origin_not_allowed");
    assertRefused(await open({ agent: "es" }, OTHER), 403, "origin_not_allowed");
    for (const body of [{ agent: 7 }, { project_id: "PROJECT-X" }, { variant_id: "v" }]) {
      assertRefused(await open(body), 400, "bad_body", JSON.stringify(body));
    }
  });
});

test("a session stays with its agent: it is taken up again there, and its plain chat speaks to that project", async () => {
  const opened = await open({ agent: "es" });
  const visitor = Object.assign(new Visitor(edge), opened.json);
  for (const body of [{ language: "es" }, { agent: "es" }, {}]) {
    const again = await open({ ...body, resume: visitor.resume });
    assert.deepEqual([again.status, again.json.session, again.json.site.agent_name], [200, visitor.session, "Inés"], JSON.stringify(body));
  }
  platform.requests.length = 0;
  assert.equal((await visitor.post("/visitor/chat/create", {})).status, 200);
  assert.ok(platform.requests[0].url.startsWith(`/v1/${ACCOUNT}/PROJECT-ES/`), platform.requests[0].url);
});
