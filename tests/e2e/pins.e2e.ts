// A call is pinned: the function changes so that it gives something else, and back; the pins become tests.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "vitest";
import { projectPython } from "../../scripts/lib/project.mjs";
import { test } from "./harness/test.ts";

const SHAPES = `def area(width, height):
    """Return the area.

    >>> area(1, 5)
    5
    """
    return width * height


def volume(width, height, depth):
    raise NotImplementedError


area(2, 3)
volume(2, 3, 4)
`;

test("a pin is tried when its function is redefined, shown where it is, and saved as a test", async ({
  share,
}) => {
  const window = await share({ "shapes.py": SHAPES }, "shapes.py");
  await window.caretBefore("area(2, 3)");
  await window.press("Alt+Enter");
  await window.untilAnnotated("area(2, 3)", /^⇒ 6$/);
  await window.clickInHover("Pin");
  await window.untilAnnotated("def area", /✓ 1 pin$/);
  expect(await window.onDisk("pins/shapes.py.txt")).toMatch(/\n>>> area\(2, 3\)\n6\n$/);
  await window.caretBefore("volume(2, 3, 4)");
  await window.openList("Relive: Pin This Call", "Pin volume(2, 3, 4)");
  await window.answerInput("What is it expected to give?", "24");
  await window.untilAnnotated("def volume", /○ 1 pin$/);
  await window.replace("raise NotImplementedError", "return width * height * depth");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def volume", /✓ 1 pin$/);

  await window.replace("return width * height", "return width + height");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def area", /✗ area\(2, 3\) → 5, not 6$/);
  await window.untilAnnotated("    5", /✗ 6, not 5$/);
  await window.screenshot("pins differ");
  await window.command("Testing: Focus on Test Explorer View");
  await expect.poll(() => window.tests()).toEqual(["shapes.py (Failed)"]);
  await window.openTests("shapes.py");
  await expect
    .poll(() => window.tests())
    .toEqual([
      "shapes.py (Failed)",
      "area(2, 3) (Failed)",
      "volume(2, 3, 4) (Passed)",
      "Doctest of area (Failed)",
    ]);
  await window.screenshot("pins in the view of tests");

  await window.openFile("shapes.py");
  await window.replace("return width + height", "return height * width");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def area", /✓ 1 pin$/);
  await window.untilAnnotated("    5", /✓$/);
  await expect.poll(() => window.tests()).toContain("Doctest of area (Passed)");
  await window.screenshot("pins hold again");

  await window.press("Control+s");
  await window.command("Relive: Save Pins as Tests");
  await window.untilShown("test_shapes_pins.py");
  await window.screenshot("pins as tests");
  const pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", window.folder];
  const { stdout } = await promisify(execFile)(projectPython, pytest, { cwd: window.folder });
  expect(stdout).toContain("2 passed");
});
