// Set-up steps: each is done once, and again when what it was made from has changed.
//
// A step that is done has a stamp, a file that holds the digest of its inputs. The stamp goes first and comes
// last, and stands inside what the step makes where it can: a folder somebody deletes takes its stamp along,
// and a step that was cut short has none.
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandFailed, run } from "./processes.mjs";
import { places } from "./project.mjs";

/** What of a failed command's output is shown: npm, for one, says much after the reason. */
const LAST_LINES = 25;

/** What a person is told when the set-up cannot go on: what failed, and what to do about it. */
export class SetupProblem extends Error {
  /** @param {string} what @param {string} advice @param {{detail?: string, log?: string}} [more] */
  constructor(what, advice, { detail = "", log = "" } = {}) {
    super(
      [what, detail, `What to do: ${advice}`, log && `All it printed: ${log}`]
        .filter(Boolean)
        .join("\n"),
    );
  }
}

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {string} stamp the stamp's path
 * @property {() => string | Promise<string>} key the digest of the inputs, asked again at the end: npm writes one of its own
 * @property {() => boolean} [present] also asked: is the result still there
 * @property {(run: typeof import("./processes.mjs").run) => Promise<void>} work its commands go through the given `run`
 * @property {string} advice what to do when a command fails
 */

/** The steps that are being done, by their stamps. @type {Map<string, Promise<void>>} */
const underway = new Map();

/** Sees to a step; where it is being done already, waits for that. @param {Step} step @returns {Promise<void>} */
export function ensure(step) {
  const begun = underway.get(step.stamp);
  if (begun) return begun;
  const done = seeTo(step).finally(() => underway.delete(step.stamp));
  underway.set(step.stamp, done);
  return done;
}

/** @param {Step} step */
async function seeTo({ title, stamp, key, present = () => true, work, advice }) {
  if ((await contentOf(stamp)) === (await key()) && present()) return;
  const began = performance.now();
  say(`${title} …`);
  await rm(stamp, { force: true });
  await logged(title, advice, work);
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, await key());
  say(`${title}: done in ${seconds(performance.now() - began)}`);
}

/**
 * Runs a step's commands into a log of their own, and makes a failure readable.
 * @param {string} title @param {string} advice @param {Step["work"]} work
 */
async function logged(title, advice, work) {
  const path = join(places.logs, `${title.toLowerCase().replaceAll(/[^a-z]+/g, "-")}.log`);
  await mkdir(places.logs, { recursive: true });
  const log = createWriteStream(path);
  try {
    await work((command, args, options) => {
      log.write(`$ ${[command, ...args].join(" ")}\n`);
      return run(command, args, { print: (text) => log.write(text), ...options });
    });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const detail = `${error.message}:\n${lastLines(error.output)}`;
    throw new SetupProblem(`${title}: this failed.`, advice, { detail, log: path });
  } finally {
    log.end();
  }
}

/** @param {string} text */
function lastLines(text) {
  return text
    .trimEnd()
    .split("\n")
    .slice(-LAST_LINES)
    .map((line) => `  | ${line}`)
    .join("\n");
}

/** @param {string} text */
export function say(text) {
  process.stdout.write(`[set-up] ${text}\n`);
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** @param {...string} parts */
export function digest(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex");
}

/** A file's text; "" where there is none. @param {string} path */
export async function contentOf(path) {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}

/**
 * The top level of a script: a problem with the set-up is a message, anything else a stack.
 * @param {() => Promise<number | void>} main gives the exit code
 */
export async function script(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(
      `\n${error instanceof SetupProblem ? error.message : error instanceof Error ? error.stack : error}\n`,
    );
    process.exitCode = 1;
  }
}
