// The status bar's item says what is true of the session.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

test("it is idle, busy, and idle again after an interrupt", async ({ share }) => {
  const window = await share({ "a.py": "import time\n1 + 1\ntime.sleep(10)\n" }, "a.py");
  await window.caretBefore("1 + 1");
  await window.press("Alt+Enter");
  await expect.poll(() => window.status()).toMatch(/idle/);
  const idle = await window.status();
  await window.caretBefore("time.sleep");
  await window.press("Alt+Enter");
  await expect.poll(() => window.status()).toMatch(/ s\b|busy|running/);
  await window.command("Relive: Interrupt");
  await expect.poll(() => window.status()).toBe(idle);
});
