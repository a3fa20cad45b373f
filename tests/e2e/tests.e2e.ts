// Tests and fixtures of the user's: those that a redefinition affects run in a copy of the process; pytest's fixtures in it.
import { expect } from "vitest";
import { projectPython } from "../../scripts/lib/project.mjs";
import { test } from "./harness/test.ts";
import { THEMES } from "./harness/themes.ts";

const FILES = {
  ".vscode/settings.json": JSON.stringify({ "relive.session.pythonPath": projectPython }),
  "shop.py": `def net(price):
    return price


def gross(price):
    return net(price) + 1


gross(2)
`,
  "tests/conftest.py": `import pytest


@pytest.fixture
def basket():
    "What is bought."
    yield [1, 2, 3]
    print("the basket is empty")
`,
  "tests/test_shop.py": `import shop


def test_net():
    assert shop.net(2) == 2


def test_gross():
    assert shop.gross(2) > shop.net(2)
`,
  "tests/scratch.py": "sum(basket)\n",
};

test("what a redefinition breaks is shown at the test's line; a fixture's value is there until it is released", async ({
  open,
}) => {
  const window = await open(FILES, "shop.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("gross(2)", /^⇒ 3$/);
  await window.command("Relive: Run Affected Tests");
  await expect.poll(() => window.statusMessage()).toMatch(/no test is affected/);

  await window.replace("return price", "return price * 2");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def net", /^✓ redefined/);
  await window.command("Relive: Run Affected Tests");
  await expect.poll(() => window.statusMessage()).toMatch(/Tests: 1 passed, 1 failed$/);
  await window.openFile("tests/test_shop.py");
  await expect.poll(() => window.testMessages()).toMatch(/4 != 2/);
  for (const theme of THEMES) {
    await window.useTheme(theme);
    await window.screenshot(`tests affected ${theme}`);
  }

  await window.openFile("tests/scratch.py");
  await window.caretBefore("sum(basket)");
  await window.press("Alt+Enter");
  await window.untilAnnotated("sum(basket)", /^✗ NameError/);
  await window.openList("Relive: Use Fixture…", "Use Fixture");
  expect((await window.listed())[0]).toBe("basket function What is bought.");
  await window.screenshot("fixtures listed");
  await window.press("ArrowDown", "Space", "Enter");
  await expect.poll(() => window.statusMessage()).toMatch(/basket can be used here/);
  await window.press("Alt+Enter");
  await window.untilAnnotated("sum(basket)", /^⇒ 6$/);
  await window.command("Relive: Release Fixtures");
  await expect.poll(() => window.statusMessage()).toMatch(/basket was torn down/);
  await window.press("Alt+Enter");
  await window.untilAnnotated("sum(basket)", /^✗ NameError/);
  await expect.poll(() => window.notifications()).toBe("");
});
