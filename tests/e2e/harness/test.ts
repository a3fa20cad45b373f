// The tests' `test`: it opens editor windows on folders of their own.
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { inject, test as plain } from "vitest";
import { SharedWindow } from "./sharedWindow.ts";
import { EditorWindow } from "./window.ts";

/** The files of a folder, path to text, written as they are; or a folder to be copied. */
export type Project = Record<string, string> | string;

interface Fixtures {
  browser: Browser;
  shared: SharedWindow;
  /** Opens a new file of this text, in a window that all tests of a file share: of a session they share, each has a module. */
  edit: (text: string) => Promise<EditorWindow>;
  /** Opens a window on a new folder of these files, with one of them open. */
  open: (project: Project, first: string) => Promise<EditorWindow>;
}

export const test = plain.extend<Fixtures>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
    async ({}, use) => {
      const browser = await chromium.connect(inject("browser"));
      await use(browser);
      await browser.close();
    },
    { scope: "file" },
  ],
  shared: [
    async ({ browser }, use) => {
      const windows: EditorWindow[] = [];
      await use(
        new SharedWindow(async (text, file) => {
          windows.push(await openWindow(browser, { [file]: text }, file));
          return windows[0] as EditorWindow;
        }),
      );
      for (const window of windows) await closeWindow(window);
    },
    { scope: "file" },
  ],
  edit: async ({ shared, task }, use) => {
    const windows: EditorWindow[] = [];
    await use(async (text) => {
      windows.push(await shared.edit(text));
      return windows[0] as EditorWindow;
    });
    for (const window of windows) await window.screenshot(task.name);
  },
  open: async ({ browser, task }, use) => {
    const windows: EditorWindow[] = [];
    await use(async (project, first) => {
      const window = await openWindow(browser, project, first);
      windows.push(window);
      return window;
    });
    for (const [index, window] of windows.entries()) {
      await window.screenshot(`${task.name} ${index + 1}`);
      await closeWindow(window);
    }
  },
});

async function openWindow(browser: Browser, project: Project, first: string) {
  const folder = await newFolder(project);
  const window = await EditorWindow.open(browser, inject("editor"), folder, first);
  await window.untilActive();
  return window;
}

async function closeWindow(window: EditorWindow) {
  await window.close();
  // The server writes the last words of its log when the editor has noticed that the window is gone.
  await rm(dirname(window.folder), { recursive: true, force: true, maxRetries: 20 });
}

async function newFolder(project: Project): Promise<string> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "relive-e2e-project-")));
  const name = typeof project === "string" ? basename(project) : "project";
  if (typeof project === "string") await cp(project, join(parent, name), { recursive: true });
  else await writeFiles(join(parent, name), project);
  return join(parent, name);
}

async function writeFiles(folder: string, files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
