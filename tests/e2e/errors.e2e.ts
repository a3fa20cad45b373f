// What an error leaves in the editor: marks at each line it came through, values, a diagnostic until something is done.
import { join } from "node:path";
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const HELPER = `def ratio(part, whole):
    return part / whole
`;
const SHOP = `from helper import ratio


def share(parts, tries=[]):
    total = sum(parts)
    tries.append(parts)
    return [ratio(part, total) for part in parts]


share([1, -1])
1 + 1
`;

test("an error is marked in every open file until something is done about it", async ({
  share,
}) => {
  const window = await share({ "shop.py": SHOP, "helper.py": HELPER }, "shop.py");
  await window.openFile("helper.py");
  await window.openFile("shop.py");
  await window.press("Control+\\");
  await expect.poll(() => window.editors()).toBe(2);
  await window.caretBefore("share([1");
  await window.press("Alt+Enter");
  await window.untilAnnotated("share([1", /^✗ ZeroDivisionError: division by zero$/);
  await expect
    .poll(() => window.markedLines())
    .toEqual(["    return [ratio(part, total) for part in parts]"]);
  const hover = await window.hover();
  expect(hover).toContain("ZeroDivisionError: division by zero");
  expect(hover).toMatch(
    /line 2 in\s+ratio.*part = 1\s+whole = 0.*line 7 in\s+share.*parts = \[1, -1\]/s,
  );
  await window.screenshot("error with the values of its frames");
  await window.dismissHover();
  await window.chooseCodeAction("Go to the failing line: line 2 in ratio");
  await window.untilShown("helper.py");
  await window.untilCaretOn("return part");
  await expect.poll(() => window.squiggled()).toHaveLength(1);
  await expect.poll(() => window.markedLines()).toEqual(["    return part / whole"]);
  expect(await window.hover()).toContain("ZeroDivisionError: division by zero");
  await window.screenshot("diagnostic at the failing line");
  await window.dismissHover();
  await window.chooseCodeAction("Retry: evaluate line 10");
  await expect
    .poll(async () => {
      const told = await window.hover();
      await window.dismissHover();
      return told;
    })
    .toContain("tries = [[1, -1], [1, -1]]");
  await expect.poll(() => window.squiggled()).toHaveLength(1);
  await window.replace("part / whole", "part / (whole or 1)");
  await expect.poll(() => window.squiggled()).toEqual([]);
  await window.press("Shift+Alt+Enter");
  await window.openFile("shop.py");
  await expect.poll(() => window.markedLines()).toEqual([]);
  await window.caretBefore("share([1");
  await window.press("Alt+Enter");
  await window.untilAnnotated("share([1", /^⇒ \[1\.0, -1\.0\]$/);
});

const GATHER = `def fetch(name):
    try:
        return {"a": 1}[name]
    except KeyError as error:
        raise LookupError(f"no {name}") from error


def gather(names):
    failures = []
    for name in names:
        try:
            fetch(name)
        except LookupError as failure:
            failure.add_note(f"while fetching {name}")
            failures.append(failure)
    raise ExceptionGroup("some are missing", failures)


gather(["a", "b", "c"])
`;
const SETTINGS = join(".vscode", "settings.json");
const THEMES = {
  "Default Dark Modern": "vs-dark",
  "Default Light Modern": "vs",
  "Default High Contrast": "hc-black",
  "Default High Contrast Light": "hc-light",
};

test("the causes, groups and notes of an error are told, and all frames are walked through, in every theme", async ({
  share,
}) => {
  const window = await share({ "gather.py": GATHER, [SETTINGS]: "{}" }, "gather.py");
  await window.caretBefore("gather([");
  await window.press("Alt+Enter");
  await window.untilAnnotated("gather([", /^✗ ExceptionGroup: some are missing/);
  const hover = await window.hover();
  expect(hover).toMatch(
    /In the group:\s+LookupError: no b.*Raised from\s+KeyError: 'b'.*LookupError: no c/s,
  );
  expect(hover).toMatch(/line 16 in\s+gather.*names = \['a', 'b', 'c'\]/s);
  await window.dismissHover();
  await window.openList("Relive: Show Frames of Error", "ExceptionGroup: some are missing");
  const listed = await window.listed();
  expect(listed[0]).toMatch(/^gather, line 16 gather\.py raise .*names = \['a', 'b', 'c'\]/);
  expect(listed[1]).toMatch(/^<module>, line 19 gather\.py/);
  expect(listed.filter((item) => item.startsWith("fetch, line"))).toHaveLength(4);
  await window.screenshot("frames of an error");
  await window.acceptPicked("gather, line 16");
  await window.untilCaretOn("raise ExceptionGroup");
  for (const [theme, kind] of Object.entries(THEMES)) {
    const settings = JSON.stringify({ "workbench.colorTheme": theme });
    await window.writeBehind({ [SETTINGS]: settings });
    await window.page.locator(`.monaco-workbench.${kind}`).waitFor();
    await window.caretBefore("gather([");
    await window.hover();
    await window.screenshot(`error in ${theme}`);
    await window.dismissHover();
  }
  await window.press("Shift+Alt+Backspace");
  await expect.poll(() => window.squiggled()).toEqual([]);
  expect(await window.markedLines()).toEqual([]);
});

test("a syntax error stands at its own place, and what moves takes its diagnostic along", async ({
  share,
}) => {
  const text = "a = 1\n\n\ndef f(:\n    return a\n\n\ndef g(x):\n    return {}[x]\n\n\ng('k')\n";
  const window = await share({ "a.py": text }, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("def f(:", /^✗ SyntaxError/);
  await expect.poll(() => window.squiggled()).toHaveLength(1);
  await window.replace("def f(:", "def f():");
  await expect.poll(() => window.squiggled()).toEqual([]);
  await window.caretBefore("g('k')");
  await window.press("Alt+Enter");
  await window.untilAnnotated("g('k')", /^✗ KeyError: 'k'$/);
  await expect.poll(() => window.squiggled()).toEqual(["    return {}[x]"]);
  await window.caretBefore("a = 1");
  await window.type("# new\n# lines\n");
  await expect.poll(() => window.squiggled()).toEqual(["    return {}[x]"]);
  await expect.poll(() => window.markedLines()).toEqual(["    return {}[x]"]);
  await window.screenshot("moved with its line");
  await window.command("Relive: Restart Clean");
  await expect.poll(() => window.squiggled()).toEqual([]);
  expect(await window.markedLines()).toEqual([]);
});
