// Going back: the last evaluation undone, and the state brought back to before an earlier one, by keys.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { test } from "./harness/test.ts";
import { THEMES } from "./harness/themes.ts";
import type { EditorWindow } from "./harness/window.ts";

const COUNTED = `import pathlib

x = 0

x += 1

seen = [x]

pathlib.Path("note.txt").write_text(str(x))

f"x is {x}"
`;

const MORE = "x += 1";
const SEEN = "seen = [x]";
const WRITES = "pathlib.Path(";
const SHOWN = 'f"x is';

async function evaluate(window: EditorWindow, line: string, shown: RegExp) {
  await window.caretBefore(line);
  await window.press("Alt+Enter");
  await window.untilAnnotated(line, shown);
  await window.untilIdle();
}

test("what was evaluated once too often is undone; what watched code did outside is said before and after", async ({
  share,
}) => {
  const settings = JSON.stringify({ "relive.rewind.watchActs": true });
  const window = await share({ "back.py": COUNTED, ".vscode/settings.json": settings }, "back.py");
  await evaluate(window, "x = 0", /^⇒ 0$/);
  await window.caretBefore(MORE);
  for (let count = 0; count < 5; count += 1) {
    await window.press("Alt+Enter");
  }
  await window.untilAnnotated(MORE, /^✓/);
  await evaluate(window, SHOWN, /'x is 5'/);
  await window.command("Relive: Undo Last Evaluation");
  await window.untilAnnotated(SHOWN, /^↶ back to before this/);
  await window.command("Relive: Undo Last Evaluation");
  await window.untilAnnotated(MORE, /^↶ back to before this/);
  expect(await window.annotation("x = 0")).toBe("⇒ 0"); // what is not undone stays true
  await evaluate(window, SHOWN, /'x is 4'/);

  // What a file contains is not put back: that is said first, and going back is left.
  await evaluate(window, SEEN, /^⇒ \[4\]$/);
  await evaluate(window, MORE, /^✓/);
  await evaluate(window, WRITES, /^⇒ 1$/);
  await window.caretBefore(SEEN);
  await window.command("Relive: Rewind to Before This");
  expect(await window.asked()).toMatch(
    /Go back to before “seen = \[x\]”\? 3 evaluations.*By the checkpoint of \d.*note\.txt.*not undone/s,
  );
  await window.screenshot("what is not undone, asked before going back");
  await window.press("Escape");
  await evaluate(window, SHOWN, /'x is 5'/);

  // The hover has it too; and now it is confirmed.
  await window.caretBefore(SEEN);
  expect(await window.hover()).toContain("Rewind to Before This");
  await window.dismissHover();
  await window.command("Relive: Rewind to Before This");
  await window.acceptAsked("Go Back");
  await window.untilAnnotated(SEEN, /^↶ back to before this · pathlib.*note\.txt/);
  await window.untilAnnotated(WRITES, /\(stale\)$/);
  await window.caretBefore(WRITES);
  expect(await window.hover()).toMatch(/stale: rewound to before this/);
  await window.dismissHover();
  for (const theme of THEMES) {
    await window.useTheme(theme);
    await window.screenshot(`rewound, ${theme}`);
  }
  await evaluate(window, SHOWN, /'x is 4'/);
  expect(await readFile(join(window.folder, "note.txt"), "utf8")).toBe("5");

  // What was evaluated again and again counts once, and what followed is as it is then.
  await window.caretBefore(MORE);
  await window.command("Relive: Re-run From Here");
  await window.untilAnnotated(SHOWN, /'x is 1'/);
});

const WROTE = `import pathlib

x = 0

pathlib.Path("note.txt").write_text(str(x))

f"x is {x}"
`;

test("with no setting changed an undo asks nothing, and what may have been done outside is said at the line", async ({
  share,
}) => {
  const window = await share({ "undo.py": WROTE }, "undo.py");
  await evaluate(window, "x = 0", /^⇒ 0$/);
  await evaluate(window, WRITES, /^⇒ 1$/);
  await window.command("Relive: Undo Last Evaluation");
  await window.untilAnnotated(
    WRITES,
    /^↶ back to before this( · 1 step ran again)? · what it may have done outside is not undone$/,
  );
  expect(await window.hover()).toMatch(/By a checkpoint.*May have acted outside.*pathlib\.Path/s);
  await window.dismissHover();
  await window.screenshot("undone by default");
  await evaluate(window, SHOWN, /'x is 0'/);
  expect(await readFile(join(window.folder, "note.txt"), "utf8")).toBe("0");
});

const FAILING = `seen = []

seen.append(1), 1 / 0

seen.append(2), {}["none"]

seen
`;

/** What fails, mended, and evaluated by a key. */
async function mend(window: EditorWindow, line: string, wrong: string, right: string, key: string) {
  await evaluate(window, line, /✗/);
  await window.replace(wrong, right);
  await window.caretBefore(line);
  await window.press(key);
}

test("by a setting what failed runs from the state before it, whichever key evaluates it", async ({
  share,
}) => {
  const settings = { "relive.rewind.rerunFailed": true };
  const files = { "again.py": FAILING, ".vscode/settings.json": JSON.stringify(settings) };
  const window = await share(files, "again.py");
  await evaluate(window, "seen = []", /^⇒ \[\]$/);
  await mend(window, "seen.append(1)", "1 / 0", "1 / 1", "Alt+Enter");
  await window.untilAnnotated("seen.append(1)", /^⇒ \(None, 1\.0\)$/);
  await window.untilIdle();
  await mend(window, "seen.append(2)", '{}["none"]', "len({})", "Control+Alt+Enter");
  await window.untilAnnotated("seen.append(2)", /^⇒ \(None, 0\)$/);
  await window.untilCaretOn("seen", 4); // it went well: on to the next statement
  await window.untilIdle();
  await window.press("Alt+Enter");
  await window.untilAnnotated("seen", /^⇒ \[1, 2\]$/, 4);
});
