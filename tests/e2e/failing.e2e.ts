// What fails, hangs or dies: it is said where it happened, and the session goes on.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { WITHOUT_CHECKPOINTS } from "./harness/settings.ts";
import { test } from "./harness/test.ts";

const FAILING = `def ratio(part, whole):
    return part / whole


def share(parts):
    return [ratio(part, sum(parts)) for part in parts]


share([1, -1])
1 + 1
`;

test("an error stands at its line, and its hover has the traceback", async ({ edit }) => {
  const window = await edit(FAILING);
  await window.caretBefore("share([1");
  await window.press("Alt+Enter");
  await window.untilAnnotated("share([1", /^✗ ZeroDivisionError: division by zero$/);
  const hover = await window.hover();
  expect(hover).toContain("ZeroDivisionError: division by zero");
  expect(hover).toMatch(/line 2\D.*ratio/s);
  expect(hover).toMatch(/line 6\D.*share/s);
  await window.screenshot("error with hover");
  await window.dismissHover();
  await window.caretBefore("1 + 1");
  await window.press("Alt+Enter");
  await window.untilAnnotated("1 + 1", /^⇒ 2$/);
});

test("a call of ten seconds is interrupted by keys, and the session goes on", async ({ edit }) => {
  const text = "import time\nkept = 'still here'\n\ntime.sleep(10)\nkept\n";
  const window = await edit(text);
  await window.caretBefore("kept = ");
  await window.press("Alt+Enter");
  await window.untilAnnotated("kept = ", /^⇒ 'still here'$/);
  await window.caretBefore("time.sleep");
  await window.press("Alt+Enter");
  await window.untilAnnotated("time.sleep", /^⟳/);
  await window.screenshot("running");
  await window.press("Control+k", "g");
  await window.acceptPicked("Interrupt");
  await window.untilAnnotated("time.sleep", /^■ interrupted$/);
  await window.caretBefore("kept", 2);
  await window.press("Alt+Enter");
  await window.untilAnnotated("kept", /^⇒ 'still here'$/, 2);
});

test("a loop that never ends is interrupted, too", async ({ edit }) => {
  const window = await edit("while True:\n    pass\n");
  await window.press("Alt+Enter");
  await window.untilAnnotated("pass", /^⟳/);
  await window.command("Relive: Interrupt");
  await window.untilAnnotated("pass", /^■ interrupted$/);
});

test("a process that dies is said to have, and a restart begins anew", async ({ share }) => {
  const text = "import os\n\nos._exit(3)\n1 + 1\n";
  const window = await share({ "a.py": text, ...WITHOUT_CHECKPOINTS }, "a.py");
  await window.caretBefore("os._exit");
  await window.press("Alt+Enter");
  await window.untilAnnotated(
    "os._exit",
    /^✗ the Python process ended: exited with status 3, running a\.py line 3$/,
  );
  await window.screenshot("process ended");
  await window.command("Relive: Restart Clean");
  await expect.poll(() => window.statusMessage()).toContain("the session was restarted");
  await window.caretBefore("1 + 1");
  await window.press("Alt+Enter");
  await window.untilAnnotated("1 + 1", /^⇒ 2$/);
});

test("a server that is killed is said to have gone, and the next key starts another", async ({
  open,
}) => {
  // The process that the worker is a child of is its warden, and that one is the server's.
  const server = `int(open(f"/proc/{os.getppid()}/stat").read().split()[3])`;
  const text = `import os, time\n\n${server}\ntime.sleep(600)\n1 + 1\n`;
  const window = await open({ "a.py": text }, "a.py");
  await window.caretBefore("int(open");
  await window.press("Alt+Enter");
  await window.untilAnnotated("int(open", /^⇒ \d+$/);
  const pid = Number((await window.annotation("int(open")).replace("⇒ ", ""));
  await window.caretBefore("time.sleep");
  await window.press("Alt+Enter");
  await window.untilAnnotated("time.sleep", /^⟳/);
  // Before the server has been told of it, the next one would be: it is not lost.
  await expect.poll(() => window.status()).toMatch(/ s\b|busy|running/);
  process.kill(pid, "SIGKILL");
  await window.untilAnnotated("time.sleep", /^✗ the Python process ended$/);
  await window.untilAnnotated("int(open", /\(stale\)$/);
  // One notification, not two: the offer says that the session ended.
  await expect.poll(() => window.notifications()).toMatch(/^Relive: the last session.*recover 2/);
  await window.caretBefore("1 + 1");
  await window.press("Alt+Enter");
  await window.untilAnnotated("1 + 1", /^⇒ 2$/);
});

test("an interpreter that is none is said, and once it is corrected the next key works", async ({
  open,
}) => {
  const settings = join(".vscode", "settings.json");
  const wrong = '{ "relive.session.pythonPath": "/bin/false" }';
  const window = await open({ "a.py": "1 + 1\n", [settings]: wrong }, "a.py");
  await window.caretBefore("1 + 1");
  await window.press("Alt+Enter");
  await window.untilAnnotated("1 + 1", /^✗ the Python process ended: exited with status 1$/);
  await writeFile(join(window.folder, settings), "{}");
  await window.untilReady();
  await window.press("Alt+Enter");
  await window.untilAnnotated("1 + 1", /^⇒ 2$/);
});

test("input is asked for in the editor", async ({ edit }) => {
  const window = await edit("name = input('Your name? ')\n");
  await window.caretBefore("name = ");
  await window.press("Alt+Enter");
  await window.answerInput("Your name?", "Ada");
  await window.untilAnnotated("name = ", /^⇒ 'Ada'$/);
});

test("C code that does not stop is named, and its process can be ended", async ({ share }) => {
  const text = `def total():
    open("begun", "w").close()
    return sum(range(10**12))


total()
1 + 1
`;
  const window = await share({ "shop.py": text }, "shop.py");
  await window.caretBefore("total()", 2);
  await window.press("Alt+Enter");
  await expect.poll(() => existsSync(join(window.folder, "begun"))).toBe(true);
  await window.command("Relive: Interrupt");
  await expect
    .poll(() => window.notifications())
    .toMatch(/still running in shop\.py line 3 \(total\)/);
  await window.screenshot("does not stop");
  await window.clickNotified("Terminate");
  await window.untilAnnotated("total()", /^✗ the Python process ended: was ended on request/, 2);
  await window.caretBefore("1 + 1");
  await window.press("Alt+Enter");
  await window.untilAnnotated("1 + 1", /^⇒ 2$/);
});
