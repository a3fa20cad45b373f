// What is done with results besides looking at them: comments, replacing, calls, cells.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

test("a result becomes a comment, and running the code again renews it", async ({ edit }) => {
  const window = await edit("n = 2\nn * 21\nprint()");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("n * 21", /^⇒ 42$/);
  await window.caretBefore("n * 21");
  await window.command("Relive: Insert Result as Comment");
  await expect.poll(() => window.text()).toBe("n = 2\nn * 21\n# => 42\nprint()");
  await window.untilAnnotated("n * 21", /^⇒ 42$/);
  await window.replace("n = 2", "n = 3");
  await window.press("Alt+Enter");
  await window.untilAnnotated("n = 3", /^⇒ 3$/);
  await window.caretBefore("n * 21");
  await window.press("Alt+Enter");
  await expect.poll(() => window.text()).toBe("n = 3\nn * 21\n# => 63\nprint()");
  await window.screenshot("result comment");
});

test("a selected expression is replaced by its value, and undo brings it back", async ({
  edit,
}) => {
  const window = await edit("area = 3 * 4\n");
  await window.caretAfter("3 * 4");
  for (let n = 0; n < 5; n += 1) await window.press("Shift+ArrowLeft");
  await window.command("Relive: Replace with Result");
  await expect.poll(() => window.text()).toContain("area = 12");
  await window.undoUntil("area = 3 * 4");
});

test("a function is called with arguments that are remembered", async ({ edit }) => {
  const text = "def greet(name, mark='!'):\n    return f'Hello {name}{mark}'\n";
  const window = await edit(text);
  await window.caretBefore("return");
  await window.openList("Relive: Call Function at Cursor…", "Enter runs it");
  await window.answerInput("Enter runs it", "greet('Ann')");
  await window.untilAnnotated("def greet", /^⇒ 'Hello Ann!'$/);
  await window.screenshot("called function");
  await window.openList("Relive: Call Function at Cursor…", "Enter runs it");
  await expect.poll(() => window.inputText()).toBe("greet('Ann')");
  await window.answerInput("Enter runs it", "greet(1 / 0)");
  await window.untilAnnotated("def greet", /^✗ ZeroDivisionError/);
});

test("a cell runs at its marker, and only that cell", async ({ edit }) => {
  const text = "# %% first\na = 1\n# %% second\nb = 2\nb + 1\n# %% third\nc = 3\n";
  const window = await edit(text);
  await window.caretBefore("# %% second");
  await window.press("Alt+Enter");
  await window.untilAnnotated("b + 1", /^⇒ 3$/);
  await window.untilAnnotated("b = 2", /^⇒ 2$/);
  expect(await window.annotation("a = 1")).toBe("");
  expect(await window.annotation("c = 3")).toBe("");
});
