// The simulated platform and its switches.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ACCOUNT, PROJECT } from "./edge.mjs";
import { root, simulatorProgram } from "./paths.mjs";
import { start } from "./process.mjs";

export async function startSimulator({ keys, folder, conversations = 60, seed = 7 }) {
  const file = join(folder, "keys.json");
  await writeFile(file, JSON.stringify(keys.platform), { mode: 0o600 });
  const args = ["--port", "0", "--seed", seed, "--conversations", conversations, "--keys", file];
  const program = await start("simulator", simulatorProgram, args.map(String), root);
  const { control, build, platform, messaging, webrtc } = program.ready;

  const ask = async (method, path, body) => {
    const answer = await fetch(control + path, {
      method,
      body: body && JSON.stringify(body),
      headers: body ? { "content-type": "application/json" } : {},
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`simulator: ${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  return {
    control,
    hosts: { build, platform, messaging, webrtc },
    output: program.output,
    stop: () => program.stop(),
    state: () => ask("GET", "/control/state"),
    faults: (faults) => ask("PUT", "/control/faults", faults),
    clearFaults: () => ask("DELETE", "/control/faults"),
    dropSockets: () => ask("POST", "/control/sockets/drop"),
    /** Begins a chat over the platform's own chat API. */
    beginChat: () => fetch(`${platform}/v1/${ACCOUNT}/${PROJECT}/chat/create`, {
      method: "POST",
      headers: {
        "x-api-key": keys.platform.chat,
        "x-token": keys.platform.chat_connector,
        "content-type": "application/json",
      },
      body: "{}",
    }),
    advance: (ms) => ask("POST", "/control/clock", { advance_ms: ms }),
    /** The requests that reached the platform while `work` ran. */
    async during(work) {
      const { next } = await ask("GET", "/control/requests");
      await work();
      return (await ask("GET", `/control/requests?after=${next}`)).requests;
    },
  };
}
