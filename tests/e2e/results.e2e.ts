// The life of a result: it moves with its text, is stale while that is edited, and goes when that goes.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const TEXT = "first = 10\nsecond = 20\nfirst + second\n";

test("a result moves with edits above it", async ({ edit }) => {
  const window = await edit(TEXT);
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("first + second", /^⇒ 30$/);
  await window.caretBefore("first = 10");
  await window.type("# one\n# two\n");
  await expect.poll(() => window.lineOf("first + second")).toBe(5);
  await window.untilAnnotated("first + second", /^⇒ 30$/);
  await window.untilAnnotated("first = 10", /^⇒ 10$/);
});

test("a result is stale while its text is edited, and current again on undo", async ({ edit }) => {
  const window = await edit(TEXT);
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("first + second", /^⇒ 30$/);
  await window.replace("first + second", "first * second");
  await window.caretBefore("first = 10");
  await window.untilAnnotated("first * second", /^⇒ 30 \(stale\)$/);
  await window.screenshot("stale");
  await window.undoUntil("first + second");
  await window.untilAnnotated("first + second", /^⇒ 30$/);
});

test("a result goes with its text", async ({ edit }) => {
  const window = await edit(TEXT);
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("first + second", /^⇒ 30$/);
  await window.caretBefore("second = 20");
  await window.press("Control+Shift+k");
  await expect.poll(() => window.text()).toBe("first = 10\nfirst + second\n");
  await window.untilAnnotated("first + second", /^⇒ 30$/);
  await window.untilAnnotated("first = 10", /^⇒ 10$/);
});

test("saving changes nothing", async ({ edit }) => {
  const window = await edit(TEXT);
  await window.caretBefore("first + second");
  await window.command("Relive: Evaluate to Here");
  await window.untilAnnotated("first + second", /^⇒ 30$/);
  await window.caretBefore("first = 10");
  await window.type("#\n");
  await window.press("Control+s");
  await expect.poll(() => window.isUnsaved()).toBe(false);
  await window.untilAnnotated("first + second", /^⇒ 30$/);
});

test("a result is still there when its file is opened again", async ({ share }) => {
  const window = await share({ "a.py": TEXT, "b.py": "" }, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("first + second", /^⇒ 30$/);
  await window.openFile("b.py");
  await window.openFile("a.py");
  await window.untilAnnotated("first + second", /^⇒ 30$/);
});

test("escape clears the result at the caret, and one key clears all", async ({ edit }) => {
  const window = await edit(TEXT);
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("first + second", /^⇒ 30$/);
  await window.caretBefore("second = 20");
  await window.press("Escape");
  await window.untilAnnotated("second = 20", /^$/);
  await window.untilAnnotated("first = 10", /^⇒ 10$/);
  await window.press("Shift+Alt+Backspace");
  await window.untilAnnotated("first = 10", /^$/);
  await window.untilAnnotated("first + second", /^$/);
});

test("a long value is cut at the line and whole in the hover", async ({ edit }) => {
  const window = await edit("list(range(200))\n");
  await window.press("Alt+Enter");
  await window.untilAnnotated("list(range", /^⇒ \[0, 1, 2,.*….*200/);
  expect(await window.annotation("list(range")).not.toContain("199]");
  expect(await window.hover()).toContain("198, 199]");
});
