// What the relay's figures need: a platform that costs little, the worker in raw workerd, and its process.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshKeys } from "../../../tests/support/keys.mjs";
import { startPlatform } from "../../../tests/support/platform.mjs";
import { startBareWorker } from "../../../tests/support/workerd.mjs";

/** Starts platform and worker; `hosts` replaces the small platform by another. */
export async function stage({ keys = freshKeys(), hosts, socket, ...options } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "perch-bench-"));
  const platform = hosts ? null : await startPlatform({ socket, answer });
  const worker = await startBareWorker({ keys, folder, hosts: hosts ?? platform.hosts(), ...options });
  return {
    folder,
    platform,
    worker,
    async stop() {
      await worker.stop();
      await platform?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A token as long as the platform's are: frames are looked through for it. */
const TOKEN = [40, 420, 86].map((bytes) => randomBytes(bytes).toString("base64url").slice(0, bytes)).join(".");
function answer({ url }, response) {
  if (url !== "/api/v1/access-token") return false;
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ access_token: TOKEN, expires_in: 86_400 }));
  return true;
}

/** Samples between two reports: a minute. */
const REPORT_EACH = 12;

/** Resident memory of a process in megabytes. */
export function resident(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

/** CPU seconds a process has used; Linux counts in hundredths. */
export function cpu(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/**
 * Samples a process's memory every five seconds for `minutes` and fits a line through all but the first
 * fifth, in which heaps and caches fill: start, end, most, and the slope in MB per hour.
 */
export async function memory(pid, minutes, report = () => {}) {
  const begun = Date.now();
  const samples = [];
  const end = begun + minutes * 60_000;
  while (Date.now() < end) {
    samples.push([(Date.now() - begun) / 3_600_000, resident(pid)]);
    if (samples.length % REPORT_EACH === 1) report(samples.at(-1)[1], (Date.now() - begun) / 60_000);
    await new Promise((done) => setTimeout(done, Math.min(5_000, end - Date.now())));
  }
  samples.push([(Date.now() - begun) / 3_600_000, resident(pid)]);
  const fitted = samples.slice(Math.floor(samples.length / 5));
  return {
    minutes,
    samples: samples.length,
    first: samples[0][1],
    settled: fitted[0][1],
    last: samples.at(-1)[1],
    most: Math.max(...samples.map(([, megabytes]) => megabytes)),
    slope: slope(fitted),
    grown: slope(fitted) * (fitted.at(-1)[0] - fitted[0][0]),
  };
}

/** Least squares. */
function slope(points) {
  const mean = (at) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return over / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
