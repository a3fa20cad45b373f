// Changing an installed package to explore it, and bringing it back: nothing is written to its files.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const PACKAGE = "env/lib/site-packages/greeting.py";
const GREETING = `def hello(name):
    return f"hello {name}"


class Greeter:
    def greet(self, name):
        return hello(name)
`;
const USING = `import sys

sys.path.append("env/lib/site-packages")
import greeting

held = greeting.hello
greeter = greeting.Greeter()
held("you")
greeter.greet("you")
`;

test("a patch of an installed package is listed, compared and reverted", async ({ share }) => {
  const window = await share({ "a.py": USING, [PACKAGE]: GREETING }, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated('greeter.greet("you")', /^⇒ 'hello you'$/);

  await window.openFile(PACKAGE);
  await window.replace("hello {name}", "WELCOME {name}");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def hello", /^✓ redefined · patched/);
  await window.openFile("a.py");
  await window.caretBefore('held("you")');
  await window.press("Alt+Enter");
  await window.untilAnnotated('held("you")', /^⇒ 'WELCOME you'$/);

  await window.openList("Relive: Show Patches of Libraries", "Patches of Libraries");
  expect(await window.listed()).toEqual([`hello ${PACKAGE}:1`]);
  await window.screenshot("patches listed");
  await window.clickListed("Show What Was Changed");
  await expect
    .poll(() => window.compared())
    .toEqual(
      ["hello", "WELCOME"].map((word) =>
        GREETING.slice(0, GREETING.indexOf("\n\n")).replace("hello {", `${word} {`),
      ),
    );
  await window.screenshot("patch compared");

  await window.openList("Relive: Show Patches of Libraries", "Patches of Libraries");
  await window.acceptPicked("hello");
  await window.untilShown(PACKAGE);
  await window.untilCaretOn("def hello");
  await window.command("Relive: Revert Patch at Cursor");
  await window.untilAnnotated("def hello", /^✓ reverted/);
  expect(await window.isUnsaved()).toBe(true);
  await window.openFile("a.py");
  await window.caretBefore('held("you")');
  await window.press("Alt+Enter");
  await window.untilAnnotated('held("you")', /^⇒ 'hello you'$/);
  expect(await readFile(join(window.folder, PACKAGE), "utf8")).toBe(GREETING);
});

test("the code lens says what is patched, and the code action reverts it", async ({ share }) => {
  const settings = '{ "relive.codeLens": "definitions" }';
  const files = { "a.py": USING, [PACKAGE]: GREETING, ".vscode/settings.json": settings };
  const window = await share(files, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated('greeter.greet("you")', /^⇒ 'hello you'$/);
  await window.openFile(PACKAGE);
  await window.replace("return hello(name)", "return 'patched ' + name");
  await window.press("Shift+Alt+Enter");
  await expect
    .poll(() => window.codeLenses())
    .toEqual(["redefine · in sync", "redefine · in sync", "redefine · in sync · patched"]);
  await window.screenshot("code lens patched");
  await window.chooseCodeAction("Revert patch of 'Greeter.greet'");
  await expect
    .poll(() => window.codeLenses())
    .toEqual(["redefine · in sync", "redefine · in sync", "redefine · edited"]);
});

test("the list reverts, and closes when nothing is left on it", async ({ share }) => {
  const window = await share({ "a.py": USING, [PACKAGE]: GREETING }, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated('greeter.greet("you")', /^⇒ 'hello you'$/);
  await window.openFile(PACKAGE);
  await window.replace("hello {name}", "WELCOME {name}");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def hello", /^✓ redefined · patched/);
  await window.replace("return hello(name)", "return 'patched ' + name");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def greet", /^✓ redefined · patched/);

  await window.openList("Relive: Show Patches of Libraries", "Patches of Libraries");
  expect(await window.listed()).toEqual([`hello ${PACKAGE}:1`, `Greeter.greet ${PACKAGE}:6`]);
  await window.clickListed("Revert Patch");
  await expect.poll(() => window.listed()).toEqual([`Greeter.greet ${PACKAGE}:6`]);
  await window.clickListed("Revert Patch");
  await window.untilAnnotated("def greet", /^✓ reverted · 1 instance/);
  await window.openFile("a.py");
  await window.caretBefore('greeter.greet("you")');
  await window.press("Alt+Enter");
  await window.untilAnnotated('greeter.greet("you")', /^⇒ 'hello you'$/);
});
