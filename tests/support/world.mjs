// Everything running together, with one handle to stop it.
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEdge } from "./edge.mjs";
import { freshKeys } from "./keys.mjs";
import { startSimulator } from "./simulator.mjs";

/** Starts simulator and worker; `platform` stands in for all or some of the simulator's hosts when given. */
export async function startWorld({ platform, conversations, seed, ...edgeOptions } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "perch-test-"));
  // Also when a run is called off: there are keys in it.
  const forget = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", forget);
  const keys = freshKeys();
  const running = [];
  const stop = async () => {
    const stopped = await Promise.allSettled(running.map((part) => part.stop()));
    forget();
    process.off("exit", forget);
    const failed = stopped.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
  };
  try {
    let simulator = null;
    if (!platform?.replaces) {
      simulator = await startSimulator({ keys, folder, conversations, seed });
      running.push(simulator);
    }
    const hosts = { ...simulator?.hosts, ...(await platform?.hosts(simulator?.hosts)) };
    const edge = await startEdge({ keys, folder, hosts, ...edgeOptions });
    running.push(edge);
    return { keys, folder, hosts, simulator, edge, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
