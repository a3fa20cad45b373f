// A daemon that outlives the window: started apart from it, and known by the line that it says.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { CommandLine } from "../python/daemonPython";

export interface Apart {
  readonly cwd: string;
  /** How long it stays once nobody is there. */
  readonly keepForSeconds: number;
  /** Is given what it writes to its log. */
  readonly hear: (log: NodeJS.ReadableStream) => void;
}

/** What a daemon says of itself once it can be joined. */
export interface Listening {
  readonly socket: string;
  readonly pid: number;
}

/** Starts one and gives where it is joined. */
export function startApart({ command, args }: CommandLine, apart: Apart): Promise<Listening> {
  const serve = [...args, "serve", "--keep", String(apart.keepForSeconds)];
  return new Promise((resolve, reject) => {
    const child = spawn(command, serve, {
      cwd: apart.cwd,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    apart.hear(child.stderr);
    const lines = createInterface({ input: child.stdout });
    lines.once("line", (line) => {
      const listening = listeningIn(line);
      child.unref();
      child.stdout.destroy();
      listening === undefined ? reject(new Error(`it says ${line}`)) : resolve(listening);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`it ended with exit code ${String(code)}`)));
  });
}

export function listeningIn(line: string): Listening | undefined {
  const { socket, pid } = fieldsOf(line);
  return typeof socket === "string" && typeof pid === "number" ? { socket, pid } : undefined;
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === "object" && said !== null ? { ...said } : {};
  } catch {
    return {};
  }
}
