// The truth at a glance: what the process runs as it stands, what it does not, and what is left of old.
import { expect } from "vitest";
import { test } from "./harness/test.ts";
import { THEMES } from "./harness/themes.ts";

const VIEW = "Definitions";
const SHOP = `class Item:
    def __init__(self, price):
        self.price = price

    def total(self):
        return self.price


def numbers():
    n = 0
    while True:
        yield n
        n += 1


items = [Item(1), Item(2)]
going = numbers()
next(going)
`;

test("what is edited is marked until it is redefined, and what is left of old is told", async ({
  share,
}) => {
  const window = await share({ "shop.py": SHOP }, "shop.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("next(going)", /^⇒ 0$/);
  expect(await window.gutterMarks()).toEqual([]);

  await window.replace("return self.price", "return 2 * self.price");
  await expect.poll(() => window.gutterMarks()).toEqual(["    def total(self):"]);
  await expect.poll(() => window.edited()).toBe("1 edited");
  await expect.poll(() => window.badge()).toContain("≠");
  await window.replace("n += 1", "n += 10");
  await expect.poll(() => window.gutterMarks()).toEqual(["    def total(self):", "def numbers():"]);

  await window.clickEdited();
  await expect
    .poll(() => window.tree(VIEW))
    .toEqual(["shop.py 2 edited", "Item in sync", "total edited", "numbers edited"]);
  await window.clickRow(VIEW, "numbers");
  await window.untilCaretOn("def numbers");
  for (const theme of THEMES) {
    await window.useTheme(theme);
    await window.screenshot(`definitions edited ${theme}`);
  }

  await window.clickInTree(VIEW, "total", "Redefine in the Process");
  await window.untilAnnotated("def total", /^✓ redefined/);
  await expect.poll(() => window.edited()).toBe("1 edited");
  await window.caretBefore("def numbers");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def numbers", /^✓ redefined/);
  await expect.poll(() => window.edited()).toBe("");
  await expect.poll(() => window.tree(VIEW)).toEqual(["shop.py", "numbers old body running"]);
  await expect.poll(() => window.gutterMarks()).toEqual(["def numbers():"]);
  expect(await window.badge()).not.toContain("≠");

  await window.replace("total(self", "total(self, by=missing");
  await window.caretBefore("def total");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def total", /^✗/);
  await expect
    .poll(() => window.tree(VIEW))
    .toEqual(["shop.py 1 edited", "Item in sync", "total failed", "numbers old body running"]);
  for (const theme of THEMES) {
    await window.useTheme(theme);
    await window.screenshot(`definitions failed ${theme}`);
  }
  await window.replace("total(self, by=missing", "total(self");
  await window.replace("self.price = price", "self.price = -price");
  await window.caretBefore("def __init__");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def __init__", /^✓ redefined/);
  await window.command("Relive: Definitions: Show All");
  await expect
    .poll(() => window.tree(VIEW))
    .toEqual([
      "shop.py",
      "Item in sync · 2 objects made before",
      "__init__ in sync · 2 objects made before",
      "total in sync",
      "numbers old body running",
    ]);
  await window.clickInTree(VIEW, "Item", "Show Old Objects");
  await window.untilListed("Old Objects of Item");
  expect(await window.listed()).toEqual([
    expect.stringMatching(/^<shop\.Item object at .*> shop\.Item · made before$/),
    expect.stringMatching(/^<shop\.Item object at .*> shop\.Item · made before$/),
  ]);
  await window.screenshot("old objects listed");
  await window.press("Escape");

  await window.openFile("shop.py");
  await window.caretBefore("next(going)");
  await window.replace("next(going)", "going.close()");
  await window.caretBefore("going.close()");
  await window.press("Alt+Enter");
  await expect.poll(() => window.tree(VIEW)).toContain("numbers in sync");
  await expect.poll(() => window.gutterMarks()).toEqual([]);
});
