// The settings of a folder whose window is open already: the editor reads them again a moment after they are written.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Project } from "./projects.ts";
import type { EditorWindow } from "./window.ts";

const SETTINGS = join(".vscode", "settings.json");

/** For stories of a process that ends and is gone. */
export const WITHOUT_CHECKPOINTS = {
  [SETTINGS]: JSON.stringify({ "relive.checkpoints": "off" }),
};

export function hasSettings(project: Project): boolean {
  return typeof project !== "string" && SETTINGS in project;
}

/** Returns once the editor uses what stands in the settings: the window's title is read from them too. */
export async function renewSettings({ page, folder }: EditorWindow) {
  const file = join(folder, SETTINGS);
  const settings = JSON.parse(await readFile(file, "utf8"));
  const title = randomUUID();
  await writeFile(file, JSON.stringify({ ...settings, "window.title": title }));
  await expect.poll(() => page.title()).toContain(title);
}

export async function forgetSettings(window: EditorWindow) {
  const file = join(window.folder, SETTINGS);
  if (!existsSync(file)) return;
  await writeFile(file, "{}");
  await renewSettings(window);
}
