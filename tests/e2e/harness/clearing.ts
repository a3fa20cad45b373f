// Making a window as good as new, by keys that only these tests have: a new one costs seconds of both cores.
import { expect } from "vitest";
import type { EditorWindow } from "./window.ts";

const CLEAR = "Control+Shift+Alt+F9";
/** A command that is run by its title closes what the window asks. */
export const RELOAD = "Control+Shift+Alt+F11";

/** More than a story opens. */
const EDITORS = 20;
/** All by one key: while an editor closes, the next one is given the focus, and a key may be lost between. */
const CLEARING = [
  "workbench.action.closeQuickOpen",
  "relive.stop",
  "relive.clearAll",
  "workbench.action.closePanel",
  "notifications.clearAll",
  "workbench.action.focusActiveEditorGroup",
  ...Array<string>(EDITORS).fill("workbench.action.revertAndCloseActiveEditor"),
];

export const keybindings = [
  { key: written(CLEAR), command: "runCommands", args: { commands: CLEARING } },
  { key: written(RELOAD), command: "workbench.action.reloadWindow" },
];

function written(key: string): string {
  return key.toLowerCase().replace("control", "ctrl");
}

/** Leaves nothing of a story in its window: no process, no result, no editor, no notification. */
export async function clear(window: EditorWindow) {
  await window.keysToEditor();
  await window.press(CLEAR);
  await expect.poll(() => window.status()).toBe("Relive");
  const tabs = window.page.locator(".editor-group-container .tab");
  await expect.poll(() => tabs.count()).toBe(0);
  await expect.poll(() => window.notifications()).toBe("");
}
