// A console in the editor's terminal: a REPL on the session that the editor evaluates in.
import { expect } from "vitest";
import { test } from "./harness/test.ts";
import type { EditorWindow } from "./harness/window.ts";

const SHOP = `rate = 2


def price(amount):
    return rate * amount


price(21)
`;

/** Types a block at the console's prompt, once it is there. */
async function enter(window: EditorWindow, text: string, prompt: RegExp) {
  await expect.poll(() => window.outputPanel()).toMatch(prompt);
  await window.page.keyboard.type(text);
  await window.press("Enter");
}

const SHOP_PROMPT = /^shop >>>$/m;

test("a console in the editor's terminal is on the same session: what either sets the other sees", async ({
  share,
}) => {
  const window = await share({ "shop.py": SHOP }, "shop.py");
  await window.caretBefore("rate = 2");
  await window.press("Alt+Enter");
  await window.untilAnnotated("rate = 2", /^⇒ 2$/);

  await window.command("Relive: Open Console");
  await enter(window, ":in shop", /^>>>$/m);
  await enter(window, "rate + 40", SHOP_PROMPT);
  await expect.poll(() => window.outputPanel()).toMatch(/rate \+ 40\n42\n/);
  await enter(window, "rate = 3", SHOP_PROMPT);
  await expect.poll(() => window.outputPanel()).toMatch(/rate = 3\n+shop >>>$/m);

  // The editor evaluates with what the console has set, and the console tells of it.
  await window.openFile("shop.py");
  await window.caretBefore("price(21)");
  await window.press("Alt+Enter");
  await window.untilAnnotated("price(21)", /^⇒ 63$/);
  await expect.poll(() => window.outputPanel()).toMatch(/shop\.py:8 => 63/);

  // By keys: a block that ran comes back whole, and one of several lines is indented by itself.
  await window.focusConsole();
  await window.press("ArrowUp");
  await expect.poll(() => window.outputPanel()).toMatch(/^shop >>> rate = 3$/m);
  await window.press("Backspace");
  await enter(window, "4", /^shop >>> rate =$/m);
  await enter(window, "for n in range(2):", SHOP_PROMPT);
  await enter(window, "print(price(n))", /for n in range\(2\):\n[ .]+$/m);
  await expect.poll(() => window.outputPanel()).toMatch(/print\(price\(n\)\)\n[ .]+$/m);
  await window.press("Enter");
  await expect.poll(() => window.outputPanel()).toMatch(/\n0\n4\n+shop >>>$/m);
  await window.screenshot("console in the terminal");

  // What the console has set makes results stale that came from it; the session goes on without the console.
  await window.untilAnnotated("price(21)", /stale/);
  await window.press("Control+d");
  await window.untilNoTerminal();
  await window.openFile("shop.py");
  await window.caretBefore("price(21)");
  await window.press("Alt+Enter");
  await window.untilAnnotated("price(21)", /^⇒ 84$/);

  // What was asked for in the console stands in no text: the editor's output has it, with what came of it.
  await window.command("Relive: Show Output");
  await expect.poll(() => window.outputPanel()).toMatch(/▸ >>> rate \+ 40 · \d+\n42\n/);
  expect(await window.outputPanel()).toMatch(/print\(price\(n\)\) · \d+\n0\n4$/);
  await window.screenshot("what a console asked for in the output");
});
