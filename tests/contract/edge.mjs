// The worker between the simulator and whoever calls, with an administrator signed in. Prints one line when ready.
import { Operator } from "../support/operator.mjs";
import { startWorld } from "../support/world.mjs";

const world = await startWorld();
const { cookie } = await Operator.signIn(world.edge.url, world.keys.setup);
console.log(JSON.stringify({ ready: true, edge: world.edge.url, cookie }));
const stop = async () => {
  await world.stop();
  process.exit(0);
};
process.stdin.on("end", stop).on("close", stop).resume();
