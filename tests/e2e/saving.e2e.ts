// Definitions that follow without being asked by a key of ours: saved by the user, or all at once by a command.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const COUNTER = `class Counter:
    def __init__(self):
        self.count = 0

    def step(self):
        self.count += 1
        return self.count


def double(x):
    return x * 2


counter = Counter()
counter.step()
double(4)
`;

test("saving redefines a method that an old instance then has", async ({ share }) => {
  const window = await share({ "a.py": COUNTER }, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("double(4)", /^⇒ 8$/);
  await window.replace("count += 1", "count += 10");
  await window.press("Control+s");
  await window.untilAnnotated("def step", /^✓ redefined · 1 instance/);
  await window.screenshot("redefined on save");
  expect(await window.annotation("double(4)")).toBe("⇒ 8");
  await window.caretBefore("counter.step()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("counter.step()", /^⇒ 11$/);
  expect(await window.notifications()).toBe("");
});

test("a save that the editor makes by itself redefines nothing", async ({ share }) => {
  const files = {
    "a.py": COUNTER,
    ".vscode/settings.json": '{ "files.autoSave": "afterDelay", "files.autoSaveDelay": 50 }',
  };
  const window = await share(files, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("double(4)", /^⇒ 8$/);
  await window.replace("x * 2", "x * 200");
  await expect.poll(() => window.onDisk("a.py")).toContain("x * 200");
  await window.caretBefore("double(4)");
  await window.press("Alt+Enter");
  await window.untilAnnotated("double(4)", /^⇒ 8$/);
  await window.press("Control+s");
  await window.untilAnnotated("def double", /^✓ redefined/);
  await window.caretBefore("double(4)");
  await window.press("Alt+Enter");
  await window.untilAnnotated("double(4)", /^⇒ 800$/);
});

test("a syntax error is said at its place when it is saved", async ({ share }) => {
  const window = await share({ "a.py": COUNTER }, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("double(4)", /^⇒ 8$/);
  await window.replace("return x * 2", "return x *");
  await window.press("Control+s");
  await window.untilAnnotated("return x *", /^✗ SyntaxError/);
  expect(await window.notifications()).toBe("");
  await window.caretBefore("double(4)");
  await window.press("Alt+Enter");
  await window.untilAnnotated("double(4)", /^⇒ 8$/);
});

test("the class at the cursor, and all that changed in a file, by commands", async ({ share }) => {
  const window = await share({ "a.py": COUNTER }, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("double(4)", /^⇒ 8$/);
  await window.replace("count += 1", "count += 100");
  await window.command("Relive: Redefine Class at Cursor");
  await window.untilAnnotated("class Counter", /^✓ redefined · 2 definitions · 1 instance$/);
  await window.replace("return self.count", "return -self.count");
  await window.replace("x * 2", "x * 3");
  await window.command("Relive: Redefine Changed Definitions in File");
  await window.untilAnnotated("def double", /^✓ redefined/);
  await window.screenshot("redefined all that changed");
  await window.caretBefore("counter.step()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("counter.step()", /^⇒ -101$/);
  expect(await window.isUnsaved()).toBe(true);
});
