// What is no longer true: said at the line with the reason, whatever caused it, and run again by command.
import { expect } from "vitest";
import { test } from "./harness/test.ts";
import { THEMES } from "./harness/themes.ts";
import type { EditorWindow } from "./harness/window.ts";

const SALES = `rate = 0.2


def net(price):
    return price * (1 - rate)


prices = [10, 20]
total = sum(map(net, prices))
f"{total:.2f}"
len(prices)
10 / (rate - 0.2)
`;

const TOTAL = "total = sum";
const SHOWN = 'f"{total';
const FAILING = "10 / (rate";

async function evaluate(window: EditorWindow, line: string, shown: RegExp) {
  await window.caretBefore(line);
  await window.press("Alt+Enter");
  await window.untilAnnotated(line, shown);
}

test("a constant that is assigned again makes stale what came of it, until that runs again", async ({
  share,
}) => {
  const window = await share({ "sales.py": SALES }, "sales.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated(SHOWN, /^⇒ '24.00'$/);
  await window.untilAnnotated(FAILING, /^✗ ZeroDivisionError: float division by zero$/);

  await window.replace("rate = 0.2", "rate = 0.5");
  expect(await window.annotation(TOTAL)).toMatch(/^⇒ 24\.0$/);
  await evaluate(window, "rate = 0.5", /^⇒ 0\.5$/);
  await window.untilAnnotated(TOTAL, /^⇒ 24\.0 \(stale\)$/);
  await window.untilAnnotated(SHOWN, /^⇒ '24\.00' \(stale\)$/);
  await window.untilAnnotated(FAILING, /^✗ ZeroDivisionError.* \(stale\)$/);
  expect(await window.annotation("len(prices)")).toBe("⇒ 2");
  await window.caretBefore(SHOWN);
  expect(await window.hover()).toMatch(
    /stale: total is stale: rate was assigned again.*Re-run · Re-run Stale Results/s,
  );
  for (const theme of THEMES) {
    await window.useTheme(theme);
    await window.screenshot(`stale results, ${theme}`);
  }
  await window.clickInHover("Re-run Stale Results");
  await window.untilAnnotated(TOTAL, /^⇒ 15\.0$/);
  await window.untilAnnotated(SHOWN, /^⇒ '15\.00'$/);
  await window.untilAnnotated(FAILING, /^⇒ 33\./);

  // A definition that is redefined by saving, and goes back to what it was.
  await window.replace("(1 - rate)", "2");
  await window.press("Control+s");
  await window.untilAnnotated(SHOWN, /^⇒ '15\.00' \(stale\)$/);
  await window.command("Relive: Undo Last Redefinition");
  await window.untilAnnotated(SHOWN, /^⇒ '15\.00'$/);

  // Another list, though it says the same.
  await evaluate(window, "prices = [10, 20]", /^⇒ \[10, 20\]$/);
  await window.untilAnnotated("len(prices)", /^⇒ 2 \(stale\)$/);
  await window.command("Relive: Re-run Stale Results");
  await window.untilAnnotated("len(prices)", /^⇒ 2$/);
  await window.screenshot("results that are true again");
});

test("what was made as a file was loaded is told, and a new process that runs the file makes it true", async ({
  share,
}) => {
  const files = {
    "tariff.py": "def rate():\n    return 2\n\n\ntable = [rate() * n for n in (1, 2)]\n",
    "bill.py": "import tariff\ntariff.table\n",
  };
  const window = await share(files, "bill.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("tariff.table", /^⇒ \[2, 4\]$/);
  await window.openFile("tariff.py");
  await window.replace("return 2", "return 3");
  await window.press("Control+s");
  await window.untilAnnotated("def rate", /✓ redefined/);
  await window.openFile("bill.py");
  await window.untilAnnotated("tariff.table", /^⇒ \[2, 4\] \(stale\)$/);
  await window.command("Relive: Bring File Up To Date");
  await expect.poll(() => window.notifications()).toMatch(/line 2 is not up to date/);
  await window.screenshot("what only a new process makes true");
  await window.acceptNotified("Restart and Run File");
  await window.untilAnnotated("tariff.table", /^⇒ \[3, 6\]$/);
});
