// A crash in C code, with no setting changed: the process goes on as it was at its last checkpoint, and what it lost since runs again, by keys.
import { expect } from "vitest";
import { test } from "./harness/test.ts";
import type { EditorWindow } from "./harness/window.ts";

/** The first form takes so long that a copy is made at its end, before anything else runs; with a socket open none is. */
const SLOW = `import ctypes
import socket
import time

rows = [time.sleep(0.3) or row * row for row in range(5)]
line = socket.socket()
rows.append("more")
ctypes.string_at(0)
f"now {rows}"
`;

const ROWS = "rows = [";
const CRASH = "ctypes.string_at";
const NOW = 'f"now';

async function evaluate(window: EditorWindow, line: string, shown: RegExp) {
  await window.caretBefore(line);
  await window.press("Alt+Enter");
  await window.untilAnnotated(line, shown);
}

test("a crash in C code costs what ran since the last checkpoint, and that is run again", async ({
  share,
}) => {
  const window = await share({ "crash.py": SLOW }, "crash.py");
  await evaluate(window, ROWS, /^⇒ \[0, 1, 4, 9, 16\]$/);
  await evaluate(window, "line = ", /^⇒ <socket/);
  await evaluate(window, "rows.append", /^⇒ None$/);

  await evaluate(
    window,
    CRASH,
    /^✗ the Python process ended: was killed by signal 11.*; the state is again/,
  );
  await expect
    .poll(() => window.notifications())
    .toMatch(
      /SIGSEGV.*another goes on with the state before “line = .*without 2 evaluations since/,
    );
  await window.untilAnnotated("rows.append", /\(stale\)$/);
  expect(await window.annotation(ROWS)).toBe("⇒ [0, 1, 4, 9, 16]"); // what took long is there
  await window.screenshot("a crash comes back from the last checkpoint");
  await evaluate(window, NOW, /'now \[0, 1, 4, 9, 16\]'/);

  await window.press("Control+Shift+a"); // the offer of the notification
  await window.untilListed("Run again what the process lost when it ended");
  expect(await window.checkedInList()).toEqual(["line = socket.socket()", 'rows.append("more")']);
  await window.press("Enter");
  await window.untilAnnotated("rows.append", /^⇒ None$/);
  await evaluate(window, NOW, /now \[0, 1, 4, 9, 16, 'more'\]/);
  await expect.poll(() => window.notifications()).toBe("");
});
