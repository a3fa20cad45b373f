// More than one folder in a window, and more than one editor on a file.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const FOLDERS = JSON.stringify({ folders: [{ path: "./shop" }, { path: "./bank" }], settings: {} });
const WHERE = "import os\nfolder = os.path.basename(os.getcwd())\nfolder, __name__\n";

test("each folder of a workspace has a session of its own", async ({ open }) => {
  const files = { "shop/a.py": WHERE, "bank/b.py": WHERE, "both.code-workspace": FOLDERS };
  const window = await open(files, "shop/a.py", "both.code-workspace");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("folder, __name__", /^⇒ \('shop', 'a'\)$/);
  await window.openFile("bank/b.py");
  await window.caretBefore("folder, __name__");
  await window.press("Alt+Enter");
  await window.untilAnnotated("folder, __name__", /^✗ NameError/);
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("folder, __name__", /^⇒ \('bank', 'b'\)$/);
  await window.screenshot("two folders");

  await window.command("Relive: Restart Session");
  await window.untilAnnotated("folder, __name__", /stale/);
  await window.openFile("shop/a.py");
  await window.untilAnnotated("folder, __name__", /^⇒ \('shop', 'a'\)$/);
});

test("two editors on one file show the same results, whichever is edited", async ({ open }) => {
  const window = await open({ "a.py": "first = 10\nsecond = first + 1\n" }, "a.py");
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
