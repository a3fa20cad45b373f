// Runs suites while what later ones need is set up, counts what passed, and sees that none leaves a process behind.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { end, exitCode, keep, runningProcesses } from "./processes.mjs";
import { places, root } from "./project.mjs";
import { contentOf, SetupProblem, seconds } from "./steps.mjs";

/** @typedef {import("./suites.mjs").Suite} Suite */
/** What suites need, each as it is being done. @typedef {Map<() => Promise<unknown>, Promise<unknown>>} Needs */
/** @typedef {{name: string, passed: number, failed: number, skipped: number, ms: number}} Outcome */

/** A suite that takes longer is hung. The slowest one, pytest, needs half of it on a machine of its own. */
const LIMIT_MS = 25 * 60_000;

/** A process that has been told to end may take this long: a browser's helpers, say. */
const LINGER_MS = 5_000;
const LOOK_MS = 50;

/** What pytest answers when the options it was given leave no test to run. */
const NOTHING_CHOSEN = 5;

/** In the environment of everything a suite starts; how what it leaves behind is found. */
const MARK = "RELIVE_TEST_RUN";

/**
 * The short suites run beside each other, each as soon as it can and shown when it has ended; then the long ones, one
 * after another, shown as they go.
 * @param {Suite[]} suites @param {string[]} more arguments for each of their commands
 * @returns {Promise<Outcome[]>}
 */
export async function runSuites(suites, more) {
  await mkdir(places.testResults, { recursive: true });
  const needs = begin(suites);
  const turn = turns(Math.max(2, availableParallelism()));
  const short = suites.filter(({ long }) => !long);
  const outcomes = await Promise.all(short.map((suite) => runSuite(suite, more, needs, turn)));
  for (const suite of suites.filter(({ long }) => long)) {
    outcomes.push(await runSuite(suite, more, needs, turn));
  }
  return outcomes;
}

/** Begins with all that suites need: most of it waits for the network. @param {Suite[]} suites @returns {Needs} */
function begin(suites) {
  const needs = new Set(suites.flatMap((suite) => suite.needs));
  const begun = new Map([...needs].map((need) => [need, need()]));
  // What fails is told where it is waited for, which may be later.
  for (const done of begun.values()) done.catch(() => undefined);
  return begun;
}

/**
 * @param {Suite} suite @param {string[]} more @param {Needs} needs @param {ReturnType<typeof turns>} turn
 * @returns {Promise<Outcome>}
 */
async function runSuite(suite, more, needs, turn) {
  try {
    for (const need of suite.needs) await needs.get(need);
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    process.stderr.write(`${heading(suite)}${error.message}\n`);
    return { name: suite.name, passed: 0, failed: 1, skipped: 0, ms: 0 };
  }
  return turn(() => runReady(suite, more));
}

/** @param {Suite} suite @param {string[]} more @returns {Promise<Outcome>} */
async function runReady(suite, more) {
  if (suite.report) await rm(suite.report, { force: true });
  const run = randomUUID();
  const began = performance.now();
  const code = await watchLimited(suite, more, { ...process.env, [MARK]: run });
  const ms = performance.now() - began;
  const left = await endLeftBehind(run);
  const counts = await countsOf(suite, code);
  const fine = code === 0 || (code === NOTHING_CHOSEN && more.length > 0);
  // A failure beside the tests (a crash, a process left behind) must not pass for none.
  const besides = (!fine && counts.failed === 0 ? 1 : 0) + left;
  return { name: suite.name, ...counts, failed: counts.failed + besides, ms };
}

/** @param {Suite} suite */
const heading = ({ name }) => `\n── ${name} ${"─".repeat(Math.max(3, 70 - name.length))}\n`;

/** @param {Suite} suite @param {string[]} more @param {NodeJS.ProcessEnv} env */
async function watchLimited(suite, more, env) {
  const [program, args] = suite.command;
  const output = suite.long ? "inherit" : "pipe";
  if (suite.long) process.stdout.write(heading(suite));
  const child = keep(program, [...args, ...more], {
    cwd: root,
    env,
    stdio: ["ignore", output, output],
  });
  const printed = textOf(child);
  const limit = setTimeout(() => {
    process.stderr.write(
      `${suite.name} has run for ${seconds(LIMIT_MS)} and is taken to hang; it is ended.\n`,
    );
    void end(child);
  }, LIMIT_MS);
  try {
    return await exitCode(child);
  } finally {
    clearTimeout(limit);
    if (!suite.long) process.stdout.write(heading(suite) + printed.join(""));
  }
}

/** What a process prints, as it comes. @param {import("node:child_process").ChildProcess} child */
function textOf({ stdout, stderr }) {
  /** @type {string[]} */
  const texts = [];
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => texts.push(text));
  }
  return texts;
}

/** Lets as many do their work at once as there are places. @param {number} places */
function turns(places) {
  let free = places;
  /** @type {(() => void)[]} */
  const waiting = [];
  return async (/** @type {() => Promise<Outcome>} */ work) => {
    if (free > 0) free -= 1;
    else await new Promise((go) => waiting.push(() => go(undefined)));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** @param {Suite} suite @param {number | null} code */
async function countsOf(suite, code) {
  if (!suite.report) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  const counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const [tag] of (await contentOf(suite.report)).matchAll(/<testsuite\s[^>]*>/g)) {
    for (const name of /** @type {(keyof typeof counts)[]} */ (Object.keys(counts))) {
      counts[name] += Number(tag.match(new RegExp(`\\s${name}="(\\d+)"`))?.[1] ?? 0);
    }
  }
  const failed = counts.failures + counts.errors;
  return { passed: counts.tests - failed - counts.skipped, failed, skipped: counts.skipped };
}

/** Ends what a suite's end did not; answers how many there were. Linux alone tells. @param {string} run */
async function endLeftBehind(run) {
  const deadline = Date.now() + LINGER_MS;
  while (startedIn(run).length > 0 && Date.now() < deadline) await delay(LOOK_MS);
  const left = startedIn(run);
  for (const [pid, { command }] of left) {
    process.stderr.write(`Left behind, and ended now: process ${pid}, ${command}\n`);
    process.kill(pid, "SIGKILL");
  }
  return left.length;
}

/** @param {string} run */
function startedIn(run) {
  return [...runningProcesses()].filter(
    ([pid, { state }]) => state !== "Z" && environmentOf(pid).includes(`${MARK}=${run}`),
  );
}

/** @param {number} pid */
function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}
