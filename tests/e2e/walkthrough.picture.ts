// The pictures of the walkthrough: what each of its steps comes to on the sample, in each kind of theme.
import { readFile } from "node:fs/promises";
import { inProject } from "../../scripts/lib/project.mjs";
import { test } from "./harness/test.ts";
import { THEMES, type Theme } from "./harness/themes.ts";
import type { EditorWindow } from "./harness/window.ts";

const SAMPLE = "first_steps.py";
const folder = inProject("client", "walkthrough");

/** As the manifest names the kinds of themes. */
const KINDS: Readonly<Record<Theme, string>> = {
  "Default Light Modern": "light",
  "Default Dark Modern": "dark",
  "Default High Contrast": "hc",
  "Default High Contrast Light": "hc-light",
};

/** What the walkthrough has room for beside its texts, and what is scaled down to it. */
const WIDTH = 600;
const WIDE = 880;
const MARGIN = 8;
/** Above the first line there may be another. */
const ABOVE = 2;

async function line(window: EditorWindow, text: string) {
  const found = window.page.locator(".monaco-editor .view-line", { hasText: text }).first();
  const box = await found.boundingBox();
  if (!box) throw new Error(`${text} is not on the screen`);
  return box;
}

/** The lines from one to another as they are drawn, without the caret. */
async function picture(
  window: EditorWindow,
  step: string,
  from: string,
  to: string,
  width = WIDTH,
) {
  await window.press("Control+Home");
  for (const theme of THEMES) {
    await window.useTheme(theme);
    const [first, last] = [await line(window, from), await line(window, to)];
    const y = first.y - ABOVE;
    const clip = {
      x: first.x - 2 * MARGIN,
      y,
      width,
      height: last.y + last.height + MARGIN - y,
    };
    await window.page.screenshot({ path: `${folder}/${step}-${KINDS[theme]}.png`, clip });
  }
}

async function evaluate(window: EditorWindow, text: string, shown: RegExp, occurrence = 1) {
  await window.caretBefore(text, occurrence);
  await window.press("Alt+Enter");
  await window.untilAnnotated(text, shown, occurrence);
}

test("the pictures of the walkthrough", async ({ open }) => {
  const text = await readFile(inProject("client", "walkthrough", SAMPLE), "utf8");
  const window = await open({ [SAMPLE]: text }, SAMPLE);
  await window.command("View: Toggle Primary Side Bar Visibility");

  await evaluate(window, "prices = [3.2", /^⇒ \[3\.2/);
  await picture(window, "evaluate", "# 1. A value", "prices = [3.2");

  await evaluate(window, "total = sum", /^⇒ 15\.8$/);
  await evaluate(window, "average = ", /^⇒ 3\.95$/);
  await evaluate(window, "round(average", /^⇒ 3\.95$/);
  await picture(window, "advance", "# 2. Line after line", "round(average");

  await evaluate(window, "basket = Basket(prices)", /^⇒/);
  await window.replace("return sum(self.prices)", "return 0.9 * sum(self.prices)");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def cost", /^✓ redefined · 1 instance/);
  await evaluate(window, "basket.cost()", /^⇒ 14\.22$/);
  await picture(window, "redefine", "class Basket", "basket.cost()");

  await evaluate(window, "prices.append(99.0)", /^⇒ None$/);
  await window.command("Relive: Undo Last Evaluation");
  await window.confirmUntil("Go Back", "prices.append(99.0)", /^↶ back to before this/);
  await picture(window, "goBack", "# 4. Back again", "prices.append(99.0)", WIDE);

  await window.caretBefore("shares(prices)", 2);
  await window.press("Alt+Enter");
  await window.untilAnnotated("found.append(", /held: ZeroDivisionError/);
  await picture(window, "resume", "def shares(prices)", "return found", WIDE);
  await window.replace("10 / price", "10 / max(price, 1)");
  await window.command("Relive: Retry From Failing Statement");
  await window.untilAnnotated("shares(prices)", /^⇒ \[3\.1, 2\.4, 10\.0, 1\.2\]$/, 2);

  await window.caretBefore("while True:");
  await window.press("Alt+Enter");
  await window.untilAnnotated("total += 1", /^⟳ \d+ s$/);
  await picture(window, "interrupt", "# 6. Something endless", "total += 1");
  await window.command("Relive: Interrupt");
  await window.untilAnnotated("total += 1", /^■ interrupted$/);
});
