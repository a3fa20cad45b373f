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
