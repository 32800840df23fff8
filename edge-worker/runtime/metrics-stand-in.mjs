// Analytics Engine for tests: each point becomes a line of the log.
import worker from "./index.js";

export * from "./index.js";

const METRICS = { writeDataPoint: (point) => console.log(JSON.stringify({ point })) };

export default {
  fetch: (request, env, context) => worker.fetch(request, { ...env, METRICS }, context),
};
