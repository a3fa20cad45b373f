// A call is captured: its values stand in the body, code of the body runs in it, and it runs again.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const TEXT = `def scaled(numbers, factor):
    total = 0
    for number in numbers:
        total += number * factor
    return total


scaled([1, 2, 3], 10)
`;

test("a captured call shows what lines gave, and code of the body runs in it", async ({ edit }) => {
  const window = await edit(TEXT);
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("scaled([1", /^⇒ 60$/);
  await window.caretBefore("total = 0");
  await window.command("Relive: Capture Calls of This Function");
  await expect.poll(() => window.statusMessage()).toContain("next calls of scaled are captured");
  await window.caretBefore("scaled([1");
  await window.press("Alt+Enter");
  await window.untilAnnotated("def scaled", /^\(numbers=\[1, 2, 3\], factor=10\) ⇒ 60$/);
  await window.untilAnnotated("total += ", /^total = 60 · 3×$/);
  await window.screenshot("captured call");
  await window.caretBefore("return total");
  await window.press("Alt+Enter");
  await window.untilAnnotated("return total", /^⇒ 60$/);
  await window.caretBefore("total = 0");
  await window.command("Relive: Run Again With These Arguments");
  await window.untilAnnotated("def scaled", /⇒ 60.*⇒ 60/);
  await window.command("Relive: Stop Capturing Calls");
  await window.untilAnnotated("total += ", /^$/);
});

const AREA = `def area(width, height):
    size = width * height
    return size


area(2, 3)
area(10, 20)
`;

test("an earlier call is chosen, and code of the body runs in that one", async ({ edit }) => {
  const window = await edit(AREA);
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("area(10", /^⇒ 200$/);
  await window.caretBefore("size = width");
  await window.command("Relive: Capture Calls of This Function");
  await expect.poll(() => window.statusMessage()).toContain("next calls of area are captured");
  await window.caretBefore("area(2");
  await window.press("Alt+Enter");
  await window.untilAnnotated("def area", /^\(width=2, height=3\) ⇒ 6$/);
  await window.caretBefore("area(10");
  await window.press("Alt+Enter");
  await window.untilAnnotated("def area", /^\(width=10, height=20\) ⇒ 200$/);

  await window.caretBefore("return size");
  await window.openList("Relive: Choose Captured Call…", "Captured calls of area");
  await window.choose("(width=2, height=3) ⇒ 6");
  await window.untilAnnotated("def area", /^\(width=2, height=3\) ⇒ 6$/);
  await window.untilAnnotated("size = width", /^size = 6$/);
  await window.command("Relive: Evaluate in Captured Call");
  await window.untilAnnotated("return size", /^⇒ 6$/);
  await expect.poll(() => window.statusMessage()).toMatch(/it ran in .*area/);
  await window.command("Relive: Stop Capturing Calls");
  await window.untilAnnotated("size = width", /^$/);
});
