// Many open relays in one process, with little traffic, for a long time: does memory stay flat?
// Arguments: how many, how many minutes. Prints JSON: the memory of the process and its slope.
import { Visitor } from "../../../tests/support/visitor.mjs";
import { until } from "../../../tests/support/wait.mjs";
import { memory, resident, stage } from "./stage.mjs";

const [count, minutes] = process.argv.slice(2).map(Number);
/** Sockets of one visitor, and visitors who open theirs side by side. */
const EACH = 5;
const BATCH = 4;
/** One round of traffic: so many visitors say something, and so many frames come back to each. */
const ROUND_MS = 1_000;
const SPEAKERS = Math.max(1, Math.floor(count / 40));
const ANSWERS = 4;
const CHUNK = JSON.stringify({
  type: "EVENT_TYPE_POLY_AGENT_MESSAGE_CHUNK",
  payload: { message_id: "msg-7f3a", chunk_index: 3, is_complete: false, text: "Our boots are resoled in about two weeks. ".repeat(5) },
});
const HEARTBEAT = JSON.stringify({ type: "EVENT_TYPE_HEARTBEAT", payload: {} });

let heard = 0;
let open = 0;
const scene = await stage({
  socket(ws) {
    open += 1;
    ws.on("close", () => (open -= 1));
    ws.on("message", () => {
      heard += 1;
      for (let at = 0; at < ANSWERS; at += 1) ws.send(CHUNK);
    });
  },
});
const pid = scene.worker.pid();
const empty = resident(pid);
const wires = [];
let answered = 0;
while (wires.length < count) {
  const visitors = await Promise.all(Array.from({ length: BATCH }, () => Visitor.open(scene.worker.url)));
  const all = visitors.flatMap((visitor) => Array.from({ length: EACH }, () => visitor));
  wires.push(...(await Promise.all(all.slice(0, count - wires.length).map((visitor) => visitor.socket()))));
}
await until("all are open", () => open === count);
for (const { socket } of wires) {
  socket.removeAllListeners("message");
  socket.on("message", () => (answered += 1));
}
process.stderr.write(`relays: ${count} open, ${resident(pid).toFixed(0)} MB; ${minutes} minutes\n`);
let next = 0;
const traffic = setInterval(() => {
  for (let at = 0; at < SPEAKERS; at += 1, next += 1) wires[next % count].socket.send(HEARTBEAT);
}, ROUND_MS);
const watched = await memory(pid, minutes, (megabytes, at) => {
  process.stderr.write(`relays: minute ${at.toFixed(1)}: ${megabytes.toFixed(1)} MB, ${open} open\n`);
});
clearInterval(traffic);
await until("every answer arrives", () => answered >= heard * ANSWERS);
const kept = open;
for (const { socket } of wires) socket.terminate();
await until("all are closed", () => open === 0);
await scene.stop();
console.log(JSON.stringify({ count, open: kept, empty, frames: heard + answered, ...watched }));
