// The first five minutes: the walkthrough opened, its sample opened from it, each step done by keys and completed.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const STEPS = [
  "See a value",
  "Walk down a file",
  "Change a function that is in use",
  "Go back",
  "Mend an error and go on",
  "Stop what takes too long",
];

test("the walkthrough's steps are done on the sample that it opens, and each is ticked off when it was", async ({
  open,
}) => {
  const window = await open({ "a.py": "" }, "a.py");
  const untilDone = (count: number) =>
    expect.poll(() => window.completedSteps()).toEqual(STEPS.slice(0, count));
  await window.openWalkthrough("Get started with Relive");
  expect(await window.steps()).toEqual(STEPS);
  await untilDone(0);
  await window.screenshot("walkthrough begun");
  await window.clickInWalkthrough("Open Sample");
  await window.untilShown("first_steps.py");

  await window.caretBefore("prices = [3.2");
  await window.press("Alt+Enter");
  await window.untilAnnotated("prices = [3.2", /^⇒ \[3\.2, 4\.1, 0\.0, 8\.5\]$/);
  await untilDone(1);

  await window.caretBefore("total = sum");
  await window.press("Control+Alt+Enter");
  await window.untilCaretOn("average = ");
  await window.press("Control+Alt+Enter");
  await window.untilCaretOn("round(average");
  await window.press("Control+Alt+Enter");
  await window.untilAnnotated("round(average, 2)", /^⇒ 3\.95$/);
  await untilDone(2);

  for (const line of ["basket = Basket(prices)", "basket.cost()"]) {
    await window.caretBefore(line);
    await window.press("Alt+Enter");
    await window.untilAnnotated(line, /^⇒/);
  }
  await window.replace("return sum(self.prices)", "return 0.9 * sum(self.prices)");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def cost", /^✓ redefined · 1 instance/);
  await untilDone(3);

  await window.caretBefore("prices.append(99.0)");
  await window.press("Alt+Enter");
  await window.untilAnnotated("prices.append(99.0)", /^⇒ None$/);
  await window.untilIdle();
  await window.takeAction("Undo Last Evaluation");
  await window.confirmUntil("Go Back", "prices.append(99.0)", /^↶ back to before this/);
  await untilDone(4);

  await window.caretBefore("shares(prices)", 2);
  await window.press("Alt+Enter");
  await window.untilAnnotated("found.append(", /held: ZeroDivisionError/);
  await window.replace("10 / price", "10 / max(price, 1)");
  await window.press("Control+k", "g");
  await window.acceptPicked("Retry From Failing Statement");
  await window.untilAnnotated("shares(prices)", /^⇒ \[3\.1, 2\.4, 10\.0, 1\.2\]$/, 2);
  await untilDone(5);

  await window.caretBefore("while True:");
  await window.press("Alt+Enter");
  await window.untilAnnotated("total += 1", /^⟳/);
  await window.press("Control+k", "g");
  await window.acceptPicked("Interrupt");
  await window.untilAnnotated("total += 1", /^■ interrupted$/);
  await untilDone(6);
  await window.screenshot("walkthrough done");
});
