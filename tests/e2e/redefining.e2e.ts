// Redefining by keys: unsaved text becomes what the running process does, and live objects follow.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const COUNTER = `class Counter:
    def __init__(self):
        self.count = 0

    def step(self):
        self.count += 1
        return self.count


counter = Counter()
alias = counter.step
counter.step()
alias()
`;

test("an old instance and an alias follow an unsaved method", async ({ edit }) => {
  const window = await edit(COUNTER);
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("alias()", /^⇒ 2$/);
  await window.replace("count += 1", "count += 10");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def step", /^✓ redefined · 1 instance/);
  await window.screenshot("redefined method");
  await window.caretBefore("counter.step()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("counter.step()", /^⇒ 12$/);
  await window.caretBefore("alias()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("alias()", /^⇒ 22$/);
  expect(await window.isUnsaved()).toBe(true);
});

test("a syntax error is shown where it is, and the process keeps the old code", async ({
  edit,
}) => {
  const text = "def answer():\n    return 42\n\nanswer()\n";
  const window = await edit(text);
  await window.caretBefore("answer()\n".trim(), 2);
  await window.press("Alt+Enter");
  await window.untilAnnotated("answer()", /^⇒ 42$/, 2);
  await window.replace("return 42", "return 42 +");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("return 42 +", /^✗ SyntaxError/);
  await window.caretBefore("answer()", 2);
  await window.press("Alt+Enter");
  await window.untilAnnotated("answer()", /^⇒ 42$/, 2);
});

test("a new method can be called on an old instance", async ({ edit }) => {
  const window = await edit(COUNTER);
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("alias()", /^⇒ 2$/);
  await window.caretAfter("return self.count");
  await window.type("\n\n    def double(self):\n        return self.count * 2");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def double", /^✓ added/);
  await window.replace("counter.step()", "counter.double()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("counter.double()", /^⇒ 4$/);
});

test("the code action redefines the function or method it names", async ({ edit }) => {
  const window = await edit(COUNTER);
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("alias()", /^⇒ 2$/);
  await window.replace("count += 1", "count += 100");
  await window.chooseCodeAction("Redefine method 'Counter.step' in the running process");
  await window.untilAnnotated("def step", /^✓ redefined/);
  await window.caretBefore("alias()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("alias()", /^⇒ 102$/);
});

test("code lenses stand over definitions when they are asked for, and say how each stands", async ({
  share,
}) => {
  const files = {
    "a.py": "def one():\n    return 1\n\none()\n",
    ".vscode/settings.json": '{ "relive.codeLens": "definitions" }',
  };
  const window = await share(files, "a.py");
  await expect.poll(() => window.codeLenses()).toEqual(["redefine · not loaded"]);
  await window.caretBefore("one()", 2);
  await window.press("Alt+Enter");
  await expect.poll(() => window.codeLenses()).toEqual(["redefine · in sync"]);
  await window.replace("return 1", "return 2");
  await expect.poll(() => window.codeLenses()).toEqual(["redefine · edited"]);
  await window.screenshot("code lens edited");
  await window.clickCodeLens("redefine · edited");
  await expect.poll(() => window.codeLenses()).toEqual(["redefine · in sync"]);
  await window.caretBefore("one()", 2);
  await window.press("Alt+Enter");
  await window.untilAnnotated("one()", /^⇒ 2$/, 2);
});

test("there are no code lenses unless they are asked for", async ({ edit }) => {
  const window = await edit("def one():\n    return 1\n\none()\n");
  await window.caretBefore("one()", 2);
  await window.press("Alt+Enter");
  await window.untilAnnotated("one()", /^⇒ 1$/, 2);
  expect(await window.codeLenses()).toEqual([]);
});
