// Personal data: who gets it as it is, who gets it masked or redacted, and who not at all.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import { ACCOUNT, PROJECT } from "../support/edge.mjs";
import { assertRefused } from "../support/http.mjs";
import { startPlatform } from "../support/platform.mjs";
import { enrol } from "../support/roles.mjs";
import { startWorld } from "../support/world.mjs";

const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations`;
const ONE = `/api/build/v1/agents/${PROJECT}/conversations/CA-1`;
const MASKED = [LIST, LIST.replace("v3", "v2"), LIST.replace("v3", "v1"), ONE, `/api/build/v1/agents/${PROJECT}/conversations`];

let platform;
let world;
let people;
before(async () => {
  platform = await startPlatform();
  world = await startWorld({ platform });
  people = await enrol(world, {
    viewer: { role: "viewer" }, analyst: { role: "analyst" }, trusted: { role: "analyst", pii: true },
    stepped: { role: "analyst", pii: true, stepped: true }, admin: { role: "admin" },
  });
});
after(async () => {
  await world?.stop();
  await platform?.stop();
});

/** The platform answers everything with this, in pieces where there are several. */
function answers(pieces, headers = {}, status = 200) {
  platform.answer = (_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    const [first, ...rest] = [pieces].flat();
    response.write(first, () => (rest.length > 0 ? setImmediate(() => response.end(Buffer.concat(rest.map((one) => Buffer.from(one))))) : response.end()));
    return true;
  };
}

const asked = () => platform.requests.map(({ url }) => url.split("?")[1] ?? "");

test("T64 a recording is asked for redacted whatever the query says", async () => {
  answers("RIFF", { "content-type": "audio/wav" });
  for (const query of ["", "?redacted=false", "?redacted=true&redacted=false", "?redacted=0&redacted=", "?direction=user&redacted=false", "?redacted"]) {
    platform.requests.length = 0;
    const answer = await people.analyst.get(`${ONE}/audio${query}`);
    assert.equal(answer.status, 200, answer.text);
    const [sent] = asked();
    assert.deepEqual(new URLSearchParams(sent).getAll("redacted"), ["true"], query);
    platform.requests.length = 0;
    assert.equal((await people.trusted.get(`${ONE}/audio${query}`)).status, 200);
    assert.deepEqual(asked(), [query.slice(1)]);
  }
  await platform.untouched(async () => {
    for (const query of ["Redacted=false", "REDACTED=false", "%72edacted=false", "redacted%20=false", "redacted[]=false"]) {
      assertRefused(await people.analyst.get(`${ONE}/audio?${query}`), 400, "query_not_allowed", query);
    }
    assertRefused(await people.viewer.get(`${ONE}/audio`), 403, "role_too_low");
  });
});

test("T64 numbers and addresses are masked in lists and records, however they are spelled and cut", async () => {
  const record = '{"conversations":[{"id":"CA-1","from_number":"+447700900123","toNumber":"+442079460018","contact":"ada@shop.example",'
    + '"started_at":"2026-11-23T10:00:00.000+00:00","turns":[{"user_input":"I am \\u0061da\\u0040shop.example, 0770 0900-123"}],'
    + '"state":{"phone":447700900123,"name":"Ada"}}],"cursor":null}';
  const expected = {
    conversations: [{
      id: "CA-1", from_number: "REDACTED", toNumber: "REDACTED", contact: "REDACTED", started_at: "2026-11-23T10:00:00.000+00:00",
      turns: [{ user_input: "I am REDACTED, REDACTED" }], state: { phone: "REDACTED", name: "Ada" },
    }],
    cursor: null,
  };
  const whole = Buffer.from(record);
  const cuts = [record, ...[60, 70, 200, 260].map((at) => [whole.subarray(0, at), whole.subarray(at)])];
  for (const path of MASKED) {
    for (const pieces of cuts) {
      answers(pieces);
      const answer = await people.viewer.get(path);
      assert.deepEqual([answer.status, answer.json], [200, expected], path);
      assert.equal(answer.headers.etag, undefined);
    }
    answers(record);
    assert.equal((await people.trusted.get(path)).text, record, path);
    assert.deepEqual((await people.admin.get(path)).json, expected, "the right is a flag, not a role");
  }
  answers(gzipSync(record), { "content-encoding": "gzip" });
  const packed = await people.viewer.get(LIST, { "accept-encoding": "identity" });
  assert.deepEqual(packed.json, expected);
});

test("T64 what cannot be masked is not handed out", async () => {
  for (const [about, body, headers, status] of [
    ["another kind", "call +447700900123", { "content-type": "text/plain" }, 200],
    ["no kind", "+447700900123", { "content-type": "" }, 200],
    ["another encoding", Buffer.from('{"a":"+447700900123"}', "utf16le"), { "content-type": "application/json; charset=utf-16" }, 200],
    ["a part", '7700900123"}', { "content-range": "bytes 10-20/30" }, 206],
    ["an error page", "<p>+447700900123</p>", { "content-type": "text/html" }, 404],
  ]) {
    answers(body, headers, status);
    const answer = await people.viewer.get(LIST, { range: "bytes=10-20" });
    assertRefused(answer, 502, "upstream_refused", about);
  }
  const wide = Buffer.from('{"a":"+447700900123"}', "utf16le");
  answers(wide);
  assert.ok(!/[0-9]/.test((await people.viewer.get(LIST)).text), "unsaid, it is not shown either");
  platform.answer = (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"a":"Ada","from_number":"+4477009', () => response.destroy());
    return true;
  };
  const broken = await people.viewer.get(LIST).catch(() => null);
  assert.ok(broken === null || broken.status === 502 || !broken.text.includes("7700"));
});

test("T64 what is free in form is for those with the right, and much at once is an export", async () => {
  answers("{}");
  const handoff = `/api/platform/v1/${ACCOUNT}/${PROJECT}/handoff_state?id=x`;
  await platform.untouched(async () => {
    assertRefused(await people.analyst.get(handoff), 403, "personal_data");
    assertRefused(await people.admin.get(handoff), 403, "personal_data");
    for (const query of ["limit=201", "limit=1&limit=1000", "limit=", "limit=x"]) {
      assertRefused(await people.viewer.get(`${LIST}?${query}`), 403, "personal_data", query);
      assertRefused(await people.trusted.get(`${LIST}?${query}`), 403, "step_up_needed", query);
    }
  });
  platform.requests.length = 0;
  assert.equal((await people.stepped.get(`${LIST}?limit=1000`)).status, 200);
  assert.equal((await people.trusted.get(LIST)).status, 200);
  assert.deepEqual(asked(), ["limit=1000", "limit=200"]);
});

test("T94 what leaves unmasked is recorded, what leaves masked is not", async () => {
  const { entries } = (await people.admin.get("/operator/audit?limit=200&phase=read")).json;
  const readers = new Set(entries.map(({ subject }) => subject));
  assert.deepEqual([...readers].sort(), ["stepped", "trusted"]);
});
