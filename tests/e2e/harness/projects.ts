// The folders that windows are opened on.
import { cp, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { inject } from "vitest";

/** The files of a folder, path to text, written as they are; or a folder to be copied. */
export type Project = Record<string, string> | string;

/** The path of a new folder with these files. */
export async function newFolder(project: Project): Promise<string> {
  const parent = await realpath(await mkdtemp(join(inject("projects"), "of-")));
  const folder = join(parent, typeof project === "string" ? basename(project) : "project");
  await fill(folder, project);
  return folder;
}

/** Puts the files into a folder. */
export async function fill(folder: string, project: Project) {
  if (typeof project === "string") await cp(project, folder, { recursive: true });
  else await writeFiles(folder, project);
}

async function writeFiles(folder: string, files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** What stays when a folder is emptied: the change log, which the server writes, and the settings in use. */
const KEPT = [".relive", ".vscode"];

export async function empty(folder: string) {
  for (const name of await readdir(folder)) {
    if (!KEPT.includes(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

export async function removeFolder(folder: string) {
  // The server writes the last words of its log when the editor has noticed that the window is gone.
  await rm(dirname(folder), { recursive: true, force: true, maxRetries: 20 });
}
