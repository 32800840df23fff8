// Everything that visitors and operators do, mixed, for a long time, against the simulated platform: does the
// memory of the worker's process stay flat? Argument: minutes. Prints JSON: what was done, and the memory.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Caller, frame, offer } from "../../../tests/support/caller.mjs";
import { ACCOUNT, PROJECT } from "../../../tests/support/edge.mjs";
import { call } from "../../../tests/support/http.mjs";
import { freshKeys } from "../../../tests/support/keys.mjs";
import { Operator } from "../../../tests/support/operator.mjs";
import { startSimulator } from "../../../tests/support/simulator.mjs";
import { memory, stage } from "./stage.mjs";

const minutes = Number(process.argv[2]);
/** How long each of the actors below rests between two turns. */
const REST_MS = 250;
const LIST = `/api/platform/v3/${ACCOUNT}/${PROJECT}/conversations?limit=20`;

const folder = await mkdtemp(join(tmpdir(), "perch-soak-"));
const keys = freshKeys();
const simulator = await startSimulator({ keys, folder });
const scene = await stage({ keys, hosts: simulator.hosts, site: { calls: { per_minute: 100_000 } } });
const edge = scene.worker.url;
const operator = await Operator.signIn(edge, keys.setup);
const done = { rest: 0, refused: 0, chats: 0, calls: 0 };

const actors = {
  async rest() {
    const answer = await operator.get(LIST);
    if (answer.status !== 200) throw new Error(`a list: ${answer.status} ${answer.text}`);
    done.rest += 1;
  },
  async refused() {
    for (const path of ["/api/platform/v3/other/other/conversations", "/visitor/nothing", "/api/evil/x"]) {
      const answer = await call(edge, "GET", path, {});
      if (answer.status < 400 || answer.status >= 500) throw new Error(`${path}: ${answer.status}`);
      done.refused += 1;
    }
  },
  async chats() {
    const visitor = await Caller.open(edge);
    const wire = await visitor.socket();
    wire.join();
    await wire.type("EVENT_TYPE_SESSION_START");
    wire.say("Can I return a jacket?");
    await wire.answer("to it", /./);
    await wire.close();
    done.chats += 1;
  },
  async calls() {
    const caller = await Caller.open(edge);
    const wire = await caller.line();
    wire.send(offer({ callSid: `soak-${done.calls}` }));
    const { sessionId } = await frame(wire, "answer");
    wire.send({ type: "ice-candidate", sessionId, data: { candidate: "", sdpMid: "0", sdpMLineIndex: 0 } });
    wire.send({ type: "close", sessionId });
    await wire.close();
    done.calls += 1;
  },
};

let over = false;
const playing = Object.values(actors).map(async (turn) => {
  while (!over) {
    await turn();
    await new Promise((rested) => setTimeout(rested, REST_MS));
  }
});
const watched = memory(scene.worker.pid(), minutes, (megabytes, at) => {
  process.stderr.write(`soak: minute ${at.toFixed(1)}: ${megabytes.toFixed(1)} MB, ${JSON.stringify(done)}\n`);
}).then((found) => {
  over = true;
  return found;
});
// Whichever actor fails first fails the run.
const [found] = await Promise.all([watched, ...playing]);
await scene.stop();
await simulator.stop();
await rm(folder, { recursive: true, force: true });
console.log(JSON.stringify({ ...done, ...found }));
