// Child processes: run one to its end, or keep one and end it with everything it started.
//
// Each child leads a process group of its own, so that a signal meant for one reaches its children, and a
// Ctrl+C in the terminal reaches only this process, which then ends the children in order. A group is not
// enough for an editor: workers lead groups of their own, to be interrupted alone, and VS Code's command starts
// the program apart from itself. `end` therefore notes the whole tree before the first signal, while parents
// still name their children, and whatever carries the mark the child was given on its command line.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { onWindows } from "./project.mjs";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */
/** @typedef {{cwd?: string, env?: NodeJS.ProcessEnv, stdio?: import("node:child_process").StdioOptions}} Options */
/** @typedef {{parent: number, state: string, command: string}} Running */

/** Long enough for an editor to save its state, and for a daemon to end the worker it owns. */
const GRACE_MS = 10_000;
/** How often a process that is not our child, and so gives no event, is looked for. */
const LOOK_MS = 50;
/** What is kept of a failed command's output: its end, where the reason stands. */
const TAIL_CHARACTERS = 8_000;

/** The kept processes, each with its mark. @type {Map<ChildProcess, string | undefined>} */
const living = new Map();

export class CommandFailed extends Error {
  /** @param {string} command @param {string} output @param {number | null} code */
  constructor(command, output, code) {
    super(
      `\`${command}\` ${code === null ? "could not run or was stopped" : `ended with code ${code}`}`,
    );
    this.output = output;
    this.code = code;
  }
}

/**
 * Starts a process that ends, at the latest, with this one.
 * @param {string} command @param {readonly string[]} args
 * @param {Options & {mark?: string}} [options] `mark`: every process with this on its command line ends too
 */
export function keep(command, args, { mark, ...options } = {}) {
  const child = spawn(command, args, { detached: !onWindows, windowsHide: true, ...options });
  living.set(child, mark);
  child.once("close", () => living.delete(child));
  child.once("error", () => living.delete(child));
  return child;
}

/**
 * Runs a command to its end and gives back what it printed; throws `CommandFailed` when it fails.
 * @param {string} command @param {readonly string[]} args
 * @param {Options & {mark?: string, print?: (text: string) => void}} [options] `print` also gets the output, as it comes
 */
export async function run(command, args, { print, ...options } = {}) {
  const child = keep(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => {
      output += text;
      print?.(text);
    });
  }
  const code = await exitCode(child).catch((error) => {
    output += error.message;
    return null;
  });
  if (code !== 0) {
    throw new CommandFailed([command, ...args].join(" "), output.slice(-TAIL_CHARACTERS), code);
  }
  return output;
}

/**
 * Runs a command on this terminal and answers with its exit code, null when a signal ended it; throws when it
 * could not start.
 * @param {string} command @param {readonly string[]} args @param {Options & {mark?: string}} [options]
 */
export function watch(command, args, options = {}) {
  return exitCode(keep(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options }));
}

/** @param {ChildProcess} child @returns {Promise<number | null>} */
export async function exitCode(child) {
  const [code] = await once(child, "close");
  return code;
}

/**
 * Ends a kept process and all it started: asked first, forced after a grace.
 * @param {ChildProcess} child @param {number} [graceMs]
 */
export async function end(child, graceMs = GRACE_MS) {
  if (child.pid === undefined) return;
  if (onWindows) return endOnWindows(child.pid);
  const all = [child.pid, ...belonging(child.pid, living.get(child))];
  for (const pid of all) signal(pid, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (all.some(isAlive) && Date.now() < deadline) await delay(LOOK_MS);
  for (const pid of all.filter(isAlive)) signal(pid, "SIGKILL");
  living.delete(child);
}

/** Windows knows no request to end that a child could answer; its own tool walks the tree. @param {number} pid */
function endOnWindows(pid) {
  spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"]);
}

/** From here on Ctrl+C, a closed terminal or a `kill` ends every kept process, then this one. */
export function endAllOnSignals() {
  let ending = false;
  for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(name, async () => {
      if (ending) return;
      ending = true;
      await Promise.all([...living.keys()].map((child) => end(child)));
      process.exit(128 + constants.signals[name]);
    });
  }
  // The last resort, for an error nobody caught: nothing may be awaited here.
  process.on("exit", () => {
    for (const { pid } of living.keys()) if (pid !== undefined) signal(-pid, "SIGKILL");
  });
}

/** @param {number} pid @param {NodeJS.Signals} name */
function signal(pid, name) {
  try {
    process.kill(onWindows ? Math.abs(pid) : pid, name);
  } catch {
    // It ended in the meantime, which is all that was asked for.
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie has ended; a container's first process may never collect it.
  return process.platform !== "linux" || readProcess(pid)?.state !== "Z";
}

/** Every process below `pid`, and every one with the mark on its command line. @param {number} pid @param {string} [mark] */
function belonging(pid, mark) {
  const running = runningProcesses();
  const found = new Set([pid]);
  for (const parent of found) {
    for (const [child, its] of running) if (its.parent === parent) found.add(child);
  }
  for (const [other, { command }] of running) {
    if (mark !== undefined && other !== process.pid && command.includes(mark)) found.add(other);
  }
  found.delete(pid);
  return [...found];
}

/** @returns {Map<number, Running>} */
export function runningProcesses() {
  if (onWindows) return new Map();
  return process.platform === "linux" ? processesOfProc() : processesOfPs();
}

/** @returns {Map<number, Running>} */
function processesOfPs() {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,state=,command="], {
    encoding: "utf8",
  });
  return new Map(
    lines
      .trim()
      .split("\n")
      .map((line) => {
        const [pid, parent, state, ...command] = line.trim().split(/\s+/);
        return [Number(pid), { parent: Number(parent), state, command: command.join(" ") }];
      }),
  );
}

/** Read directly, since a slim container has no `ps`. @returns {Map<number, Running>} */
function processesOfProc() {
  /** @type {Map<number, Running>} */
  const found = new Map();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const running = readProcess(Number(name));
    if (running) found.set(Number(name), running);
  }
  return found;
}

/** @param {number} pid @returns {Running | undefined} */
function readProcess(pid) {
  try {
    // "pid (name) state parent …": the name is free text, so the fields are counted from its last ")".
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, parent] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return { state, parent: Number(parent), command };
  } catch {
    return undefined;
  }
}
