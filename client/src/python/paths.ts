// Interpreters as paths: absolute, existing, found without running anything.

import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join, resolve } from "node:path";

const onWindows = process.platform === "win32";

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The interpreter of a virtual environment's folder, when there is one. */
export function interpreterOf(environment: string): string | undefined {
  const path = onWindows
    ? join(environment, "Scripts", "python.exe")
    : join(environment, "bin", "python");
  return isExecutable(path) ? path : undefined;
}

/** The programs of these names on the PATH, in their order. Relative entries of the PATH are not looked in. */
export function onPath(...names: readonly string[]): string[] {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
  const files = onWindows ? names.map((name) => `${name}.exe`) : names;
  return files.flatMap((file) => folders.map((folder) => join(folder, file))).filter(isExecutable);
}

/** A path as people write it in settings, made absolute. */
export function expand(path: string, workspaceFolder: string | undefined): string {
  const folder = workspaceFolder ?? homedir();
  const expanded = path
    .replaceAll(/\$\{workspaceFolder\}/g, folder)
    .replace(/^~(?=[/\\]|$)/, homedir());
  return resolve(folder, expanded);
}
