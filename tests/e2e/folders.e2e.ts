// Several folders in one window: each has a session of its own, in an interpreter of its own.
import { expect } from "vitest";
import { projectPython } from "../../scripts/lib/project.mjs";
import { findPython } from "../../scripts/lib/python.mjs";
import { test } from "./harness/test.ts";
import type { EditorWindow } from "./harness/window.ts";

/** In a virtual environment, as the project's own Python is one, the two prefixes differ. */
const PROGRAM = `import sys

sys.prefix == sys.base_prefix
kept = 1
kept + 1
`;
const WORKSPACE = JSON.stringify({ folders: [{ path: "north" }, { path: "south" }] });
const SETTINGS = "south/.vscode/settings.json";

function choosing(python: string): string {
  return JSON.stringify({ "relive.session.pythonPath": python });
}

async function evaluate(window: EditorWindow, line: string, shown: RegExp) {
  await window.caretBefore(line);
  await window.press("Alt+Enter");
  await window.untilAnnotated(line, shown);
}

/** Waits until the session of the folder at hand is said to be idle in this Python, and gives its process. */
async function processOf(window: EditorWindow, folder: string, python: string): Promise<string> {
  const said = new RegExp(
    `Session(?: of ${folder})?: idle, Process (\\d+), Python [\\d.]+ ${python},`,
  );
  await expect.poll(() => window.spokenStatus()).toMatch(said);
  return (await window.spokenStatus()).match(said)?.[1] ?? "";
}

test("each folder has its own process and interpreter, and a restart of one leaves the other's", async ({
  open,
}) => {
  const other = await findPython();
  const files = {
    "both.code-workspace": WORKSPACE,
    "north/shop.py": PROGRAM,
    "north/.vscode/settings.json": choosing(projectPython),
    "south/farm.py": PROGRAM,
    [SETTINGS]: choosing(projectPython),
  };
  const window = await open(files, "north/shop.py");
  await evaluate(window, "sys.prefix", /^⇒ False$/);
  await evaluate(window, "kept = 1", /^⇒ 1$/);
  const north = await processOf(window, "north", projectPython);
  await window.openFile("south/farm.py");
  await evaluate(window, "sys.prefix", /^⇒ False$/);
  const south = await processOf(window, "south", projectPython);
  expect(await window.spokenStatus()).toContain(`north: idle, process ${north}, Python`);

  // Another one for the south is offered while the north is worked in, and ends the south's process alone.
  await window.openFile("north/shop.py");
  await window.writeBehind({ [SETTINGS]: choosing(other) });
  await expect.poll(() => window.notifications()).toMatch(/interpreter of south was changed/);
  expect(await window.spokenStatus()).toContain(`south: idle, process ${south}, Python`);
  await window.screenshot("another interpreter for one of two folders");
  await window.clickNotified("Restart Session");
  const restarted = new RegExp(`south: idle, process \\d+, Python [\\d.]+ ${other}$`);
  await expect.poll(() => window.spokenStatus()).toMatch(restarted);
  expect(await processOf(window, "north", projectPython)).toBe(north);
  await evaluate(window, "kept + 1", /^⇒ 2$/);

  // Restart Clean is about the folder at hand, and not the one used last.
  await window.openFile("south/farm.py");
  await evaluate(window, "sys.prefix", /^⇒ True$/);
  await evaluate(window, "kept = 1", /^⇒ 1$/);
  const again = await processOf(window, "south", other);
  await window.openFile("north/shop.py");
  await window.command("Relive: Restart Clean");
  await expect.poll(() => window.spokenStatus()).not.toContain(`Process ${north},`);
  await evaluate(window, "kept + 1", /^✗ NameError/);
  await window.openFile("south/farm.py");
  await evaluate(window, "kept + 1", /^⇒ 2$/);
  expect(await processOf(window, "south", other)).toBe(again);
  await window.screenshot("two folders with their sessions");
});
