// Programs under test: started, heard out, and stopped without leaving a process behind.
import { spawn } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { within } from "./wait.mjs";

// A run that is called off takes its programs with it; by itself Node would just end.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** Starts a program that prints one JSON line with `ready: true` when it is. */
export async function start(name, program, args, cwd) {
  const child = spawn(program, args, { cwd, stdio: ["pipe", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  const exited = new Promise((done) => child.once("exit", (code, signal) => done({ code, signal })));
  const die = () => child.kill("SIGKILL");
  process.once("exit", die);
  exited.then(() => process.off("exit", die));

  const ready = new Promise((done, failed) => {
    child.once("error", (error) => failed(new Error(`${name}: ${error.message}`)));
    child.stderr.setEncoding("utf8").on("data", (text) => (output.stderr += text));
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output.stdout += text;
      const [line, more] = output.stdout.split("\n", 2);
      if (more !== undefined) done(JSON.parse(line));
    });
    exited.then(({ code }) => failed(new Error(`${name} ended with ${code}: ${output.stderr}`)));
  });
  return {
    ready: await within(`${name} is ready`, ready, 60_000),
    pid: child.pid,
    exited,
    /** Everything the program printed so far. */
    output: () => output.stdout + output.stderr,
    closeInput: () => child.stdin.end(),
    /** Asks the program to stop, and insists. Gives its exit code. */
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      try {
        return (await within(`${name} stops`, exited, 10_000)).code;
      } catch (error) {
        die();
        throw error;
      }
    },
  };
}

/** The ids of a process's descendants. */
export async function descendants(pid) {
  const parents = new Map();
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    // After the name in brackets, which may hold anything: state, parent.
    parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const found = [pid];
  for (const one of found) {
    for (const [child, parent] of parents) if (parent === one) found.push(child);
  }
  return found.slice(1);
}

/** Whether a process still runs; a zombie does not. */
export async function runs(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
}
