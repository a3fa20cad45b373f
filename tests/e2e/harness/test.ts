// The tests' `test`: it opens files in a window that stories share, or in a window of the story's own.
import { type Browser, chromium } from "playwright-core";
import { inject, test as plain } from "vitest";
import type { Project } from "./projects.ts";
import { SharedWindow } from "./sharedWindow.ts";
import type { EditorWindow } from "./window.ts";
import { closeWindow, openWindow } from "./windows.ts";

interface Fixtures {
  browser: Browser;
  shared: SharedWindow;
  /** Opens a new file of this text, in a window that stories share: of a session they share, each has a module. */
  edit: (text: string) => Promise<EditorWindow>;
  /** Opens these files, one of them shown, in the window that stories share: nothing of earlier stories is left in it. */
  share: (project: Project, first: string) => Promise<EditorWindow>;
  /** Opens a window of its own on a new folder of these files, with one of them open. */
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
    { scope: "worker" },
  ],
  shared: [
    // The last window ends with the browser and the editor, which may end before what is said here.
    ({ browser }, use) => use(new SharedWindow(browser)),
    { scope: "worker" },
  ],
  edit: async ({ shared, task }, use) => {
    await use((text) => shared.edit(text));
    await shared.leave(task);
  },
  share: async ({ shared, task }, use) => {
    await use((project, first) => shared.open(project, first));
    await shared.leave(task);
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
