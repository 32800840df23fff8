// What the worker says about requests, taken from its log.
import { until } from "./wait.mjs";

/** Every event so far. */
export const events = (edge) => lines(edge, '{"event":').map((line) => JSON.parse(line));

/** Every point of metrics so far. */
export const points = (edge) => lines(edge, '{"point":').map((line) => JSON.parse(line).point);

/** Every logged line of the worker with a JSON object that begins like this. */
export const lines = (edge, start) => edge.output().split("\n").filter((line) => line.startsWith(start));

/** The event about the request with this id. */
export const eventOf = (edge, answer) => {
  const id = answer.headers["x-request-id"];
  return until(`the event of ${id}`, () => events(edge).find((event) => event.id === id));
};
