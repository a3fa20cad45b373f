// Values that are kept: a slow form, a new process, the value at once, and running it all the same.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const JOB = `import time

wait = 1.5


def simulate(steps):
    time.sleep(wait)
    return [step * step for step in range(steps)]


table = simulate(4)
again = len(table)
reader = open(__file__)
`;

test("a kept value is taken by a new process, and not when what it was made from has changed", async ({
  share,
}) => {
  const window = await share({ "job.py": JOB }, "job.py");
  const evaluate = async (text: string) => {
    await window.caretBefore(text);
    await window.press("Alt+Enter");
  };
  await window.caretBefore("table =");
  await window.command("Relive: Keep This Value");
  await expect.poll(() => window.text()).toContain("table = simulate(4)  # relive: keep");
  await evaluate("wait =");
  // The editor asks the extension host before it runs a command for the first time in a window, and
  // which line is meant is where the caret is by then.
  await window.untilAnnotated("wait =", /^⇒ 1\.5$/);
  await evaluate("table =");
  await window.untilAnnotated("table =", /^⇒ \[0, 1, 4, 9\] · kept$/);
  await window.command("Relive: Restart Clean");
  await window.untilAnnotated("table =", /\(stale\)$/);
  await evaluate("wait =");
  await evaluate("table =");
  await window.untilAnnotated("table =", /^⇒ \[0, 1, 4, 9\] · kept value of \d\.\d s$/);
  await window.caretBefore("table =");
  const hover = await window.hover();
  expect(hover).toContain("Not run: this value was kept on");
  expect(hover).toContain("Run Anyway");
  await window.screenshot("kept value");
  await window.dismissHover();
  await window.caretBefore("table =");
  await window.clickInHover("Run Anyway");
  await window.untilAnnotated("table =", /^⇒ \[0, 1, 4, 9\] · kept$/);
  await window.replace("step * step for", "step + step for");
  await evaluate("def simulate");
  await evaluate("table =");
  await window.untilAnnotated("table =", /^⇒ \[0, 2, 4, 6\] · kept$/);
  await window.caretBefore("reader =");
  await window.command("Relive: Keep This Value");
  await expect.poll(() => window.text()).toContain("reader = open(__file__)  # relive: keep");
  await evaluate("reader =");
  await window.untilAnnotated("reader =", /· not kept$/);
  await window.caretBefore("reader =");
  expect(await window.hover()).toContain("Not kept:");
  await window.screenshot("not kept");
  await window.dismissHover();
  await window.caretBefore("table =");
  await window.command("Relive: Keep This Value");
  await expect.poll(() => window.text()).toContain("table = simulate(4)\n");
  await window.command("Relive: Forget Kept Values");
  await expect.poll(() => window.statusMessage()).toContain("2 kept values were forgotten");
  expect(await window.notifications()).toBe("");
});
