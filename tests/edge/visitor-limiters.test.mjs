// The limiters themselves: what happens when they fail, and the cheap one before them.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { SHOP } from "../support/edge.mjs";
import { assertRefused, call } from "../support/http.mjs";
import { Operator } from "../support/operator.mjs";
import { root } from "../support/paths.mjs";
import { noConversations, startPlatform } from "../support/platform.mjs";
import { Visitor } from "../support/visitor.mjs";
import { startWorld } from "../support/world.mjs";

let platform;
before(async () => {
  platform = await startPlatform({ answer: noConversations });
});
after(() => platform?.stop());

const open = (edge, headers = {}) => call(edge, "POST", "/visitor/session", {
  headers: { origin: SHOP, "content-type": "application/json", ...headers }, body: '{"site":"shop"}',
});

/** A copy of the worker in which `script` was added to the end of the program; `CLASS` is the visitors' objects'. */
async function changed(script) {
  const folder = await mkdtemp(join(tmpdir(), "perch-changed-"));
  await cp(resolve(root, "edge-worker/build"), folder, { recursive: true });
  const file = join(folder, "index.js");
  const program = await readFile(file, "utf8");
  const name = /([\w$]+) as VisitorSession/.exec(program)?.[1];
  assert.ok(name, "the class is exported");
  await writeFile(file, `${program}\n${script.replaceAll("CLASS", name)}`);
  return folder;
}

test("T53 when the objects fail the visitor plane is closed in fixed words, and operators go on", async () => {
  // The first tokens are made while all is well; a request with a marker then breaks every object.
  const build = await changed(`{
    const { fetch } = CLASS.prototype;
    let broken = false;
    CLASS.prototype.fetch = function (request) {
      if (new URL(request.url).pathname === "/refund") broken = true;
      if (broken) throw new Error("canary-storage-failure");
      return fetch.call(this, request);
    };
  }`);
  const world = await startWorld({ platform, build });
  try {
    const edge = world.edge.url;
    const visitor = await Visitor.open(edge);
    const ticket = await visitor.ticket();
    const operator = await Operator.signIn(edge, world.keys.setup);
    // A session that the platform refuses is given back, which breaks the object here.
    platform.answer = (_, response) => {
      response.writeHead(503).end();
      return true;
    };
    assertRefused(await open(edge), 502, "upstream_refused");
    platform.answer = noConversations;
    const other = Object.assign(new Visitor(edge), { token: visitor.token });
    for (const [path, body] of [["ticket", {}], ["chat/create", {}], ["chat/respond", { message: "hi" }], ["chat/close", {}], ["end", {}]]) {
      const answer = await other.post(`/visitor/${path}`, body);
      assertRefused(answer, 503, "visitors_unavailable", path);
      assert.equal(answer.headers["access-control-allow-origin"], SHOP, path);
    }
    await platform.untouched(async () => {
      assertRefused(await open(edge), 503, "visitors_unavailable");
      const resumed = await visitor.post("/visitor/session", { site: "shop", resume: visitor.resume }, {});
      assertRefused(resumed, 503, "visitors_unavailable");
      assertRefused(await visitor.dial(ticket).refusal(), 503, "visitors_unavailable");
    });
    const list = await operator.get("/api/platform/v3/ws-7f3a9c21/PROJECT-4E5B8A10/conversations?limit=5");
    assert.equal(list.status, 200, list.text);
  } finally {
    await world.stop();
    await rm(build, { recursive: true, force: true });
  }
});

test("T51 the network's own limiter stands before the objects where there is one, per site and address", async () => {
  const world = await startWorld({ platform, flood: 3 });
  try {
    const edge = world.edge.url;
    const answers = [];
    for (let turn = 0; turn < 6; turn += 1) answers.push(await open(edge, { "cf-connecting-ip": "203.0.113.7" }));
    assert.deepEqual(answers.map(({ status }) => status), [201, 201, 201, 429, 429, 429]);
    assertRefused(answers.at(-1), 429, "too_many_requests");
    assert.ok(Number(answers.at(-1).headers["retry-after"]) > 0);
    assert.equal((await open(edge, { "cf-connecting-ip": "203.0.113.8" })).status, 201);
  } finally {
    await world.stop();
  }
});
