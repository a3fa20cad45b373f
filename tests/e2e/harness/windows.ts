// Windows on folders that are made for them and go with them.
import type { Browser } from "playwright-core";
import { inject } from "vitest";
import { newFolder, type Project, removeFolder } from "./projects.ts";
import { EditorWindow } from "./window.ts";

export async function openWindow(browser: Browser, project: Project, first: string) {
  const folder = await newFolder(project);
  const workspace = Object.keys(project).find((file) => file.endsWith(".code-workspace"));
  const window = await EditorWindow.open(browser, inject("editor"), { folder, workspace }, first);
  await window.untilActive();
  return window;
}

export async function closeWindow(window: EditorWindow) {
  await window.close();
  await removeFolder(window.folder);
}
