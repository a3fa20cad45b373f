// More than one editor on a file.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

test("two editors on one file show the same results, whichever is edited", async ({ share }) => {
  const window = await share({ "a.py": "first = 10\nsecond = first + 1\n" }, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("second", /^⇒ 11$/);
  await window.press("Control+\\");
  await expect.poll(() => window.editors()).toBe(2);
  await window.untilAnnotated("second", /^⇒ 11$/);
  await window.caretBefore("first = 10");
  await window.type("# one more line\n");
  await window.replace("first + 1", "first + 2");
  await window.untilAnnotated("second", /^⇒ 11 \(stale\)$/);
  await window.screenshot("two editors");
  await window.press("Control+1");
  await window.untilAnnotated("second", /^⇒ 11 \(stale\)$/);
  await window.caretBefore("second");
  await window.press("Alt+Enter");
  await window.untilAnnotated("second", /^⇒ 12$/);
  await window.press("Control+2");
  await window.untilAnnotated("second", /^⇒ 12$/);
});
