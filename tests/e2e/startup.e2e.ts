// Start-up code of a folder: it runs once somebody has said so, for just what it holds.
import { expect } from "vitest";
import { test } from "./harness/test.ts";
import type { EditorWindow } from "./harness/window.ts";

const STARTUP = ".relive/startup.py";
const SHOP = `branch
branch * 2
branch * 3
branch * 4
`;

/** What every process of the folder is to have; a name of its own module it would not be. */
function startingWith(branch: string): string {
  return `import builtins\n\nbuiltins.branch = "${branch}"\n`;
}

/** Returns once the former process is gone; what is asked of the next one may be open. */
async function restart(window: EditorWindow) {
  const former = (await window.spokenStatus()).match(/Process \d+/)?.[0] ?? "no process";
  await window.command("Relive: Restart Clean");
  await expect.poll(() => window.spokenStatus()).not.toContain(former);
}

async function evaluate(window: EditorWindow, line: string) {
  await window.caretBefore(line);
  await window.press("Alt+Enter");
}

test("what is to run first is asked about once for each content, and not again for one that comes back", async ({
  open,
}) => {
  const files = { "shop.py": SHOP, [STARTUP]: startingWith("main") };
  const window = await open(files, "shop.py");
  await evaluate(window, "branch");
  const asked = await window.asked();
  expect(asked).toContain(STARTUP);
  expect(asked).toContain('builtins.branch = "main"');
  await window.screenshot("start-up code is asked about");
  await window.acceptAsked("Run It");
  await window.untilAnnotated("branch", /^⇒ 'main'$/);

  // A question would keep from being answered what is asked here.
  await restart(window);
  await evaluate(window, "branch * 2");
  await window.untilAnnotated("branch * 2", /^⇒ 'mainmain'$/);

  await window.writeBehind({ [STARTUP]: startingWith("other") });
  await restart(window);
  expect(await window.asked()).toContain('builtins.branch = "other"');
  await window.acceptAsked("Run It");
  await evaluate(window, "branch * 3");
  await window.untilAnnotated("branch * 3", /^⇒ 'otherotherother'$/);

  await window.writeBehind({ [STARTUP]: startingWith("main") });
  await restart(window);
  await evaluate(window, "branch * 4");
  await window.untilAnnotated("branch * 4", /^⇒ 'mainmainmainmain'$/);
});
