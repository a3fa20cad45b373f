// Runs suites one after another, counts what passed, and sees that none leaves a process behind.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { end, exitCode, keep, runningProcesses } from "./processes.mjs";
import { places, root } from "./project.mjs";
import { contentOf, SetupProblem, seconds } from "./steps.mjs";

/** @typedef {import("./suites.mjs").Suite} Suite */
/** @typedef {{name: string, passed: number, failed: number, skipped: number, ms: number}} Outcome */

/** A suite that takes longer is hung. The slowest one, end to end, needs a third of it on a machine of its own. */
const LIMIT_MS = 25 * 60_000;

/** A process that has been told to end may take this long: a browser's helpers, say. */
const LINGER_MS = 5_000;
const LOOK_MS = 50;

/** What pytest answers when the options it was given leave no test to run. */
const NOTHING_CHOSEN = 5;

/** In the environment of everything a suite starts; how what it leaves behind is found. */
const MARK = "RELIVE_TEST_RUN";

/**
 * @param {Suite[]} suites @param {string[]} more arguments for each of their commands
 * @returns {Promise<Outcome[]>}
 */
export async function runSuites(suites, more) {
  await mkdir(places.testResults, { recursive: true });
  const outcomes = [];
  for (const suite of suites) {
    process.stdout.write(`\n── ${suite.name} ${"─".repeat(Math.max(3, 70 - suite.name.length))}\n`);
    outcomes.push(await runSuite(suite, more));
  }
  return outcomes;
}

/** @param {Suite} suite @param {string[]} more @returns {Promise<Outcome>} */
async function runSuite(suite, more) {
  try {
    for (const need of suite.needs) await need();
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    return { name: suite.name, passed: 0, failed: 1, skipped: 0, ms: 0 };
  }
  if (suite.report) await rm(suite.report, { force: true });
  const run = randomUUID();
  const began = performance.now();
  const code = await watchLimited(suite.command, more, { ...process.env, [MARK]: run });
  const ms = performance.now() - began;
  const left = await endLeftBehind(run);
  const counts = await countsOf(suite, code);
  const fine = code === 0 || (code === NOTHING_CHOSEN && more.length > 0);
  // A failure beside the tests (a crash, a process left behind) must not pass for none.
  const besides = (!fine && counts.failed === 0 ? 1 : 0) + left;
  return { name: suite.name, ...counts, failed: counts.failed + besides, ms };
}

/** @param {[string, string[]]} command @param {string[]} more @param {NodeJS.ProcessEnv} env */
async function watchLimited([program, args], more, env) {
  const stdio = /** @type {const} */ (["ignore", "inherit", "inherit"]);
  const child = keep(program, [...args, ...more], { cwd: root, env, stdio: [...stdio] });
  const limit = setTimeout(() => {
    process.stderr.write(
      `It has run for ${seconds(LIMIT_MS)} and is taken to hang; it is ended.\n`,
    );
    void end(child);
  }, LIMIT_MS);
  try {
    return await exitCode(child);
  } finally {
    clearTimeout(limit);
  }
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
