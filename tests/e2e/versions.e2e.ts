// Going back: a redefinition undone in the process, not in the file; process and disk compared; what ran, listed.
import { expect } from "vitest";
import { test } from "./harness/test.ts";
import { THEMES } from "./harness/themes.ts";
import type { EditorWindow } from "./harness/window.ts";

const VERSIONS = "Relive: Show Changes of This Definition";
const SHAPES = `class Square:
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side**2


square = Square(3)
square.area()
`;

async function evaluate(window: EditorWindow, line: string, shown: RegExp) {
  await window.caretBefore(line);
  await window.press("Alt+Enter");
  await window.untilAnnotated(line, shown);
}

test("a redefinition is undone in the process alone, which is then compared with the disk", async ({
  open,
}) => {
  const window = await open({ "shapes.py": SHAPES }, "shapes.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("square.area()", /^⇒ 9$/);
  for (const [factor, value] of [
    ["10 * ", /^⇒ 90$/],
    ["2 * ", /^⇒ 180$/],
  ] as const) {
    await window.replace("return ", `return ${factor}`);
    await window.press("Shift+Alt+Enter");
    await window.untilAnnotated("def area", /^✓ redefined · 1 instance/);
    await evaluate(window, "square.area()", value);
  }
  await window.command("Relive: Undo Last Redefinition");
  await window.untilAnnotated(
    "def area",
    /^✓ undone · 1 instance · in the process, not in the file$/,
  );
  await window.screenshot("redefinition undone");
  expect(await window.text()).toContain("return 2 * 10 * self.side**2");
  await evaluate(window, "square.area()", /^⇒ 90$/);

  await window.openList("Relive: Compare Process with Disk", "Process and Disk");
  expect(await window.listed()).toEqual([
    "Square.area method · shapes.py:5 · unsaved text differs too",
  ]);
  await window.screenshot("process and disk");
  await window.takeListed("Square.area");
  await window.acceptPicked("Compare");
  await expect
    .poll(() => window.compared())
    .toEqual([
      expect.stringContaining("return 10 * self.side**2"),
      expect.stringContaining("return self.side**2"),
    ]);
  await window.screenshot("process compared with disk");

  await window.openFile("shapes.py");
  await window.openList("Relive: Compare Process with Disk", "Process and Disk");
  await window.takeListed("Square.area");
  await window.press("ArrowDown", "ArrowDown");
  await window.acceptPicked("Put What Runs into the File");
  await expect.poll(() => window.text()).toContain("return 10 * self.side**2");
  expect(await window.text()).toBe(SHAPES.replace("return ", "return 10 * "));
  await window.press("Control+s");
  await expect.poll(() => window.isUnsaved()).toBe(false);
  await window.command("Relive: Compare Process with Disk");
  await expect.poll(() => window.statusMessage()).toMatch(/runs what is on disk/);

  // Once more leads further back, to what the file was loaded with.
  await window.command("Relive: Undo Last Redefinition");
  await window.untilAnnotated("def area", /^✓ undone/);
  await evaluate(window, "square.area()", /^⇒ 9$/);

  await window.caretBefore("def area");
  await window.openList(VERSIONS, "Changes of Square.area");
  await window.screenshot("versions listed");
  const rows = await window.listed();
  expect(rows.filter((row) => row.includes("runs now"))).not.toEqual([]);
  expect(rows.filter((row) => row.includes("in the file"))).not.toEqual([]);
  const twice = rows.findIndex((row) => row.includes("2 * 10"));
  await window.press(...Array(twice).fill("ArrowDown"));
  await window.takeListed("Redefined");
  await window.press("ArrowDown", "ArrowDown");
  await window.acceptPicked("Redefine to This Version");
  await window.untilAnnotated("def area", /^✓ redefined · 1 instance/);
  await evaluate(window, "square.area()", /^⇒ 180$/);

  await window.caretBefore("def area");
  await window.openList(VERSIONS, "Changes of Square.area");
  await window.takeListed("Redefined");
  await window.acceptPicked("Compare with the File");
  await expect
    .poll(() => window.compared())
    .toEqual([
      expect.stringContaining("return 2 * 10 * self.side**2"),
      expect.stringContaining("return 10 * self.side**2"),
    ]);
  await window.screenshot("version compared");
  await window.openFile("shapes.py");
  await window.caretBefore("def area");
  await window.openList(VERSIONS, "Changes of Square.area");
  await window.takeListed("Redefined");
  await window.press("ArrowDown");
  await window.acceptPicked("Put This Version into the File");
  await expect.poll(() => window.text()).toContain("return 2 * 10 * self.side**2");
});

const STEPS = `base = 20
print("before")
base + 1
secret = "none of anybody's business"  # relive: nolog
base / 0
`;

test("all that ran is in the view Changes, and runs again after a restart if that is wished", async ({
  open,
}) => {
  const window = await open({ "steps.py": STEPS }, "steps.py");
  await evaluate(window, "base = 20", /^⇒ 20$/);
  await evaluate(window, "base + 1", /^⇒ 21$/);
  await evaluate(window, "secret", /^⇒/);
  await evaluate(window, "base / 0", /^✗ ZeroDivisionError/);
  await window.command("Relive: Show Change Log");
  await expect
    .poll(() => window.tree())
    .toEqual([
      expect.stringMatching(/^base \/ 0 steps\.py:5/),
      expect.stringMatching(/^\(kept out of the log\) steps\.py/),
      expect.stringMatching(/^base \+ 1 steps\.py:3/),
      expect.stringMatching(/^base = 20 steps\.py:1/),
    ]);
  for (const theme of THEMES) {
    await window.useTheme(theme);
    await window.screenshot(`changes ${theme}`);
  }

  await window.openFile("steps.py");
  await window.command("Relive: Restart and Replay");
  await window.untilAnnotated("base + 1", /^⇒ 21$/);
  await window.untilAnnotated("base / 0", /^✗ ZeroDivisionError/);
  await window.untilAnnotated("secret", /\(stale\)$/);
  await window.command("Relive: Stop Session");
  await expect.poll(() => window.status()).toBe("Relive");
  await window.untilAnnotated("base + 1", /^⇒ 21 \(stale\)$/);
  await evaluate(window, "base + 1", /^✗ NameError/);
  await window.openList("Relive: Recover Session", "Recover Session");
  expect(await window.listed()).toContainEqual(expect.stringMatching(/was stopped/));
  await window.press("Escape");
  await expect.poll(() => window.notifications()).toBe("");
});
