// CPU per relayed frame: the worker against the least relay in plain JavaScript, both in raw workerd, in turns.
// Prints JSON: for each kind of frame the medians of both, in microseconds.
import { join, resolve } from "node:path";
import { root } from "../../../tests/support/paths.mjs";
import { Visitor, Wire } from "../../../tests/support/visitor.mjs";
import { pause, until } from "../../../tests/support/wait.mjs";
import { startWorkerd } from "../../../tests/support/workerd.mjs";
import { cpu, median, stage } from "./stage.mjs";

const ROUNDS = 7;
const VISITORS = 100;
const SOCKETS_EACH = 5;
const SOCKETS = VISITORS * SOCKETS_EACH;
/** The policy lets through 30 of a visitor in ten seconds. */
const EACH_UP = 30;
const WINDOW_MS = 10_500;
const EACH_DOWN = 80;
const CHUNK = JSON.stringify({
  id: "evt-0001", sequence: 17, type: "EVENT_TYPE_POLY_AGENT_MESSAGE_CHUNK", timestamp: "2026-01-01T00:00:00Z",
  payload: { message_id: "msg-7f3a", chunk_index: 3, is_complete: false, text: "Our boots are resoled in about two weeks, and " },
});
const TYPING = JSON.stringify({ type: "EVENT_TYPE_USER_TYPING", payload: { typing_state: "TYPING_STATE_STARTED" } });

let received = 0;
let peers = [];
const scene = await stage({
  socket(ws) {
    peers.push(ws);
    ws.on("message", () => (received += 1));
  },
});
const plain = await startWorkerd(join(scene.folder, "plain"), {
  modules: [[resolve(root, "crates/xtask/bench/plain-relay.mjs"), "esModule"]],
  vars: { UPSTREAM: `${scene.platform.url}/ws` },
});
const routes = [
  {
    worker: scene.worker,
    open: async () => {
      const visitor = await Visitor.open(scene.worker.url);
      return Promise.all(Array.from({ length: SOCKETS_EACH }, () => visitor.socket()));
    },
  },
  {
    worker: plain,
    open: async () => {
      const wires = Array.from({ length: SOCKETS_EACH }, () => new Wire(plain.url.replace("http", "ws"), null));
      await Promise.all(wires.map(({ opened }) => opened));
      return wires;
    },
  },
];

for (const route of routes) {
  peers = [];
  route.wires = [];
  for (let opened = 0; opened < VISITORS; opened += 10) {
    route.wires.push(...(await Promise.all(Array.from({ length: 10 }, route.open))).flat());
  }
  await until("all are open", () => peers.length === SOCKETS);
  route.peers = peers;
  for (const { socket } of route.wires) {
    socket.removeAllListeners("message");
    socket.on("message", () => (received += 1));
  }
}

const results = { up: [[], []], down: [[], []] };
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const at of round % 2 ? [0, 1] : [1, 0]) {
    const { worker, wires, peers } = routes[at];
    const sides = { up: [wires.map(({ socket }) => socket), TYPING, EACH_UP], down: [peers, CHUNK, EACH_DOWN] };
    for (const [way, side] of Object.entries(sides)) {
      const taken = await measured(worker.pid(), ...side);
      // The first round warms both up.
      if (round > 0) results[way][at].push(taken);
    }
  }
  await pause(WINDOW_MS);
}
await plain.stop();
await scene.stop();
const of = ([perch, bare]) => ({ perch: median(perch), plain: median(bare) });
console.log(JSON.stringify({ up: of(results.up), down: of(results.down) }));

/** Microseconds of CPU per frame while every socket sends `each` frames. */
async function measured(pid, sockets, text, each) {
  const count = sockets.length * each;
  received = 0;
  const before = cpu(pid);
  for (let frame = 0; frame < each; frame += 1) for (const socket of sockets) socket.send(text);
  await until(`${count} frames pass`, () => received >= count, 60_000);
  return ((cpu(pid) - before) * 1e6) / count;
}
