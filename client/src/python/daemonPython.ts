// The command line that starts the daemon: a Python of ours in a checkout, else one that is new enough.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../errors";
import type { Trusted } from "../trust";
import { interpreterOf, isExecutable, onPath } from "./paths";

export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

export interface DaemonChoice {
  readonly extensionPath: string;
  /** The setting `relive.daemon.path`; empty when there is none. */
  readonly setting: string;
  /** The user's interpreter, if it may be run: it is not asked before the user does something. */
  readonly interpreter: string | undefined;
}

/** Isolated: neither the workspace nor the environment's variables choose what the daemon imports. */
const ISOLATED = "-I";
const OLDEST: readonly [number, number] = [3, 10];
/** A bare interpreter starts in a fraction of a second; a shim may look around first. */
const VERSION_TIMEOUT_MS = 10_000;

const run = promisify(execFile);

export async function daemonCommand(trusted: Trusted, choice: DaemonChoice): Promise<CommandLine> {
  const { extensionPath, setting } = choice;
  if (setting !== "") {
    return commandLine(await checked(trusted, setting), extensionPath);
  }
  const own = interpreterOf(join(extensionPath, ".venv"));
  if (own !== undefined) {
    return { command: own, args: [ISOLATED, "-m", "relive"] };
  }
  return commandLine(await firstNewEnough(trusted, choice), extensionPath);
}

function commandLine(command: string, extensionPath: string): CommandLine {
  const launcher = join(extensionPath, "server", "launch.py");
  return existsSync(launcher)
    ? { command, args: [ISOLATED, launcher] }
    : { command, args: [ISOLATED, "-m", "relive"] };
}

async function checked(trusted: Trusted, path: string): Promise<string> {
  const runnable = isAbsolute(path) && isExecutable(path);
  const version = runnable ? await versionOf(trusted, path) : undefined;
  if (version === undefined || !isNewEnough(version)) {
    const found = version === undefined ? "no Python" : `Python ${version.join(".")}`;
    throw new UserError(
      `relive.daemon.path names ${path}, which is ${found}. It must be a Python ${OLDEST.join(".")} or newer.`,
    );
  }
  return path;
}

async function firstNewEnough(trusted: Trusted, { interpreter }: DaemonChoice): Promise<string> {
  const candidates = [...onPath("python3", "python"), ...(interpreter ? [interpreter] : [])];
  const refused: string[] = [];
  for (const candidate of new Set(candidates)) {
    const version = await versionOf(trusted, candidate);
    if (version !== undefined && isNewEnough(version)) {
      return candidate;
    }
    refused.push(`${candidate} (${version?.join(".") ?? "does not run"})`);
  }
  const found = refused.length === 0 ? "None was found." : `Found: ${refused.join(", ")}.`;
  throw new UserError(
    `Relive's own server needs Python ${OLDEST.join(".")} or newer. ${found} Install one, or name one in relive.daemon.path.`,
  );
}

type Version = readonly [major: number, minor: number];

function isNewEnough([major, minor]: Version): boolean {
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

async function versionOf(_trusted: Trusted, path: string): Promise<Version | undefined> {
  const code = "import sys; print(*sys.version_info[:2])";
  try {
    const { stdout } = await run(path, [ISOLATED, "-c", code], { timeout: VERSION_TIMEOUT_MS });
    const [major, minor] = stdout.trim().split(" ").map(Number);
    return major !== undefined && minor !== undefined ? [major, minor] : undefined;
  } catch {
    return undefined;
  }
}
