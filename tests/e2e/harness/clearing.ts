// Making a window as good as new, by keys that only these tests have: a new one costs seconds of both cores.
import { expect } from "vitest";
import type { EditorWindow } from "./window.ts";

const CLEAR = "Control+Shift+Alt+F9";
/** Not F10, which opens a menu where a list or a notebook has the focus. */
const CLOSE = "Control+Shift+Alt+F8";
/** A command that is run by its title closes what the window asks. */
export const RELOAD = "Control+Shift+Alt+F11";

const CLEARING = [
  "workbench.action.closeQuickOpen",
  "relive.stop",
  "relive.clearAll",
  "workbench.action.closePanel",
  "notifications.clearAll",
  "workbench.action.focusActiveEditorGroup",
];

export const keybindings = [
  { key: written(CLEAR), command: "runCommands", args: { commands: CLEARING } },
  { key: written(CLOSE), command: "workbench.action.revertAndCloseActiveEditor" },
  { key: written(RELOAD), command: "workbench.action.reloadWindow" },
];

function written(key: string): string {
  return key.toLowerCase().replace("control", "ctrl");
}

/** Leaves nothing of a story in its window: no process, no result, no editor, no notification. */
export async function clear(window: EditorWindow) {
  await window.press(CLEAR);
  await expect.poll(() => window.status()).toBe("Relive");
  const tabs = window.page.locator(".editor-group-container .tab");
  for (let left = await tabs.count(); left > 0; left = await tabs.count()) {
    await window.press(CLOSE);
    await expect.poll(() => tabs.count()).toBeLessThan(left);
  }
  await expect.poll(() => window.notifications()).toBe("");
}
