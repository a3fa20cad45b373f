// Evaluating by keys: what is at the caret, what is selected, and what that needs.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

test("a call shows its value at the end of its line", async ({ edit }) => {
  const window = await edit("total = sum([1, 2, 3])\nmax(4, 7)\n");
  await window.caretBefore("max(4");
  await window.press("Alt+Enter");
  await window.untilAnnotated("max(4", /^⇒ 7$/);
  expect(await window.annotation("total")).toBe("");
});

test("a selection of several statements shows a value at each", async ({ edit }) => {
  const window = await edit("a = 2\nb = a * 3\na + b\n'not selected'\n");
  await window.caretBefore("a = 2");
  await window.press("Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown", "Alt+Enter");
  await window.untilAnnotated("a + b", /^⇒ 8$/);
  await window.untilAnnotated("a = 2", /^⇒ 2$/);
  await window.untilAnnotated("b = a * 3", /^⇒ 6$/);
  expect(await window.annotation("not selected")).toBe("");
});

test("an assignment shows the value assigned", async ({ edit }) => {
  const window = await edit('prices = {"tea": 3}\n');
  await window.press("Alt+Enter");
  await window.untilAnnotated("prices", /^⇒ \{'tea': 3\}$/);
});

test("a statement over several lines shows its value at its last", async ({ edit }) => {
  const window = await edit("sorted(\n    [3, 1, 2],\n    reverse=True,\n)\n");
  await window.caretBefore("[3, 1, 2]");
  await window.press("Alt+Enter");
  await window.untilAnnotated(")", /^⇒ \[3, 2, 1\]$/);
});

const NEEDY = `from math import sqrt

class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def distance(self):
        return sqrt(self.x**2 + self.y**2)

def far(point):
    return point.distance() > 4

far(Point(3, 4))
`;

test("the imports and classes a statement needs run first, and its hover names them", async ({
  edit,
}) => {
  const window = await edit(NEEDY);
  await window.caretBefore("far(Point");
  await window.press("Alt+Enter");
  await window.untilAnnotated("far(Point", /^⇒ True$/);
  expect(await window.hover()).toMatch(/Evaluated first.*lines 1, 3, 10/);
});

test("an assignment it needs is not run unasked, but offered", async ({ edit }) => {
  const window = await edit("rate = 1.5\n\nrate * 10\n");
  await window.caretBefore("rate * 10");
  await window.press("Alt+Enter");
  await window.untilAnnotated("rate * 10", /^✗ NameError/);
  expect(await window.annotation("rate = 1.5")).toBe("");
  await window.clickInHover("Evaluate line 1 and retry");
  await window.untilAnnotated("rate * 10", /^⇒ 15\.0$/);
});

test("evaluate and advance walks down a file", async ({ edit }) => {
  const window = await edit("a = 1\n\n# a comment between\nb = a + 1\na + b\n");
  await window.press("Control+Alt+Enter");
  await window.untilAnnotated("a = 1", /^⇒ 1$/);
  await window.untilCaretOn("b = a + 1");
  await window.press("Control+Alt+Enter");
  await window.untilCaretOn("a + b");
  await window.press("Control+Alt+Enter");
  await window.untilAnnotated("a + b", /^⇒ 3$/);
});

test("evaluate file and evaluate to here run what they say", async ({ edit }) => {
  const window = await edit("a = 1\nb = a + 1\nc = b + 1\n");
  await window.caretBefore("b = a + 1");
  await window.command("Relive: Evaluate to Here");
  await window.untilAnnotated("b = a + 1", /^⇒ 2$/);
  expect(await window.annotation("c = b + 1")).toBe("");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("c = b + 1", /^⇒ 3$/);
});

test("what would be evaluated can be selected first", async ({ edit }) => {
  const window = await edit("x = 1\nresult = [\n    x,\n    x + 1,\n]\n");
  await window.caretBefore("x + 1");
  await window.command("Relive: Select What Would Be Evaluated");
  await window.untilSelected("result = [\n    x,\n    x + 1,\n]".length);
});

test("what is printed shows as a line's last output, and all of it in the output", async ({
  edit,
}) => {
  const window = await edit("for n in range(3):\n    print('line', n)\n");
  await window.press("Alt+Enter");
  await window.untilAnnotated("print('line', n)", /^▸ line 2$/);
  await window.command("Relive: Show Output");
  await expect.poll(() => window.outputPanel()).toMatch(/line 0\s+line 1\s+line 2/);
});

test("opening a file starts no process, and a code action that needs one says so", async ({
  open,
}) => {
  const window = await open({ "a.py": "def late():\n    return 1\n" }, "a.py");
  await window.untilReady();
  await window.caretBefore("return 1");
  expect(await window.disabledCodeAction("Redefine function 'late'")).toMatch(
    /No process is running/,
  );
  expect(await window.status()).toBe("Relive");
});
