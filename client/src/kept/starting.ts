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

/** Starts one and gives the path of its socket. */
export function startApart({ command, args }: CommandLine, apart: Apart): Promise<string> {
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
      const path = socketIn(line);
      child.unref();
      child.stdout.destroy();
      path === undefined ? reject(new Error(`it says ${line}`)) : resolve(path);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`it ended with exit code ${String(code)}`)));
  });
}

export function socketIn(line: string): string | undefined {
  try {
    const said: unknown = JSON.parse(line);
    const path = typeof said === "object" && said !== null && "socket" in said && said.socket;
    return typeof path === "string" ? path : undefined;
  } catch {
    return undefined;
  }
}
