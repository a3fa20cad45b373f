// A window that the stories of a process share, one after another: opening one costs more than most stories do.
import type { Browser } from "playwright-core";
import type { RunnerTestCase } from "vitest";
import { clear } from "./clearing.ts";
import { empty, fill, type Project } from "./projects.ts";
import { forgetSettings, hasSettings, renewSettings } from "./settings.ts";
import type { EditorWindow } from "./window.ts";
import { closeWindow, openWindow } from "./windows.ts";

export class SharedWindow {
  private window: EditorWindow | undefined;
  /** What the latest story has left in it. */
  private used: "by a text" | "by a project" | undefined;
  private texts = 0;

  constructor(private readonly browser: Browser) {}

  /** Opens a new file of this text; the texts of several stories may stand beside each other. */
  async edit(text: string): Promise<EditorWindow> {
    this.texts += 1;
    const file = `text${this.texts}.py`;
    if (this.used === "by a project") await this.clear();
    this.used = "by a text";
    return this.show({ [file]: text }, file);
  }

  /** Opens a file of these, with nothing else in the window and its folder. */
  async open(project: Project, first: string): Promise<EditorWindow> {
    if (this.used) await this.clear();
    this.used = "by a project";
    return this.show(project, first);
  }

  /** What a story that failed has left is not for the next one. */
  async leave(story: Readonly<RunnerTestCase>) {
    await this.window?.screenshot(story.name);
    if (story.result?.state === "fail") await this.close();
  }

  async close() {
    const { window } = this;
    this.window = undefined;
    this.used = undefined;
    if (window) await closeWindow(window);
  }

  private async show(project: Project, first: string): Promise<EditorWindow> {
    if (!this.window) {
      this.window = await openWindow(this.browser, project, first);
    } else {
      await fill(this.window.folder, project);
      if (hasSettings(project)) await renewSettings(this.window);
      await this.window.openFile(first);
      await this.window.press("Control+Home"); // where a new file begins, and not where one of this name was left
    }
    return this.window;
  }

  private async clear() {
    if (!this.window) return;
    await clear(this.window);
    await empty(this.window.folder);
    await forgetSettings(this.window);
  }
}
