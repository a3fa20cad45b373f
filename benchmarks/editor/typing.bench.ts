// What results, and definitions that are compared with what runs, cost while typing: a key's time until its letter is drawn, with them and without.
import type { Page } from "playwright-core";
import { test } from "../../tests/e2e/harness/test.ts";

const RESULTS = 1000;
const DEFINITIONS = 300;
const ROUNDS = 5;
const LETTERS = "abcdefghijklmnopqrstuvwxyz".repeat(4);

test("typing among a thousand results", async ({ open }) => {
  const lines = Array.from({ length: RESULTS }, (_, n) => `x${n} = ${n}`);
  const middle = `x${RESULTS / 2} = `;
  const window = await open({ "many.py": `# here\n${lines.join("\n")}\n` }, "many.py");
  await compare(
    window.page,
    `${RESULTS} results`,
    async () => {
      await window.command("Relive: Clear All Results");
      await window.goToLine(RESULTS / 2 + 2);
      await window.untilAnnotated(middle, /^$/);
    },
    async () => {
      await window.command("Relive: Evaluate File");
      await window.goToLine(RESULTS / 2 + 2);
      await window.untilAnnotated(middle, /^⇒/);
    },
  );
});

test("typing among definitions that are compared with what runs", async ({ open }) => {
  const functions = Array.from({ length: DEFINITIONS }, (_, n) => `def f${n}():\n    return ${n}`);
  const settings = JSON.stringify({ "relive.gutter": "all", "relive.redefineOnSave": "off" });
  const files = { "many.py": `${functions.join("\n\n\n")}\n`, ".vscode/settings.json": settings };
  const window = await open(files, "many.py");
  const middle = `return ${DEFINITIONS / 2}`;
  const last = `return ${DEFINITIONS - 1}`;
  await compare(
    window.page,
    `${DEFINITIONS} definitions that are loaded`,
    async () => {
      await window.command("Relive: Stop Session");
      await window.goToLine(DEFINITIONS * 2 + 2);
      await window.caretBefore(middle);
    },
    async () => {
      await window.command("Relive: Evaluate File");
      await window.goToLine(DEFINITIONS * 4 - 2);
      await window.untilAnnotated(last, /^✓/);
      await window.goToLine(DEFINITIONS * 2 + 2);
      await window.caretBefore(middle);
    },
  );
});

/** Prints how much longer a key takes with something than without. */
async function compare(
  page: Page,
  what: string,
  without: () => Promise<void>,
  withIt: () => Promise<void>,
) {
  const ratios: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    await without();
    const before = await typed(page);
    await withIt();
    const after = await typed(page);
    ratios.push(after / before);
    process.stdout.write(
      `round ${round}: ${before.toFixed(1)} ms without, ${after.toFixed(1)} ms with ${what}\n`,
    );
  }
  ratios.sort((one, other) => one - other);
  const [least, most] = [ratios[0] ?? 0, ratios.at(-1) ?? 0];
  process.stdout.write(
    `median of ${ROUNDS} ratios: ${(ratios[ROUNDS >> 1] ?? 0).toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})\n`,
  );
}

/** The median time of a key, in ms, of a line of letters typed above the one at the caret and taken away again. */
async function typed(page: Page): Promise<number> {
  await page.keyboard.press("Control+Shift+Enter");
  const times: number[] = [];
  for (const letter of LETTERS) times.push(await drawnAfter(page, letter));
  await page.keyboard.press("Control+Shift+k");
  times.sort((one, other) => one - other);
  return times[times.length >> 1] ?? 0;
}

/** From the key's event until the frame after the text on the screen changed. */
async function drawnAfter(page: Page, letter: string): Promise<number> {
  // Listening first: a key that is pressed meanwhile would be missed.
  const drawn = await page.evaluateHandle(() => {
    const text = document.querySelector(
      ".editor-group-container.active .monaco-editor .view-lines",
    );
    const key = new Promise<number>((pressed) => {
      const options = { capture: true, once: true };
      document.addEventListener("keydown", (event) => pressed(event.timeStamp), options);
    });
    const changed = new Promise<number>((painted) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        requestAnimationFrame(() => painted(performance.now()));
      });
      observer.observe(text as Node, { subtree: true, childList: true, characterData: true });
    });
    return { after: Promise.all([key, changed]).then(([from, until]) => until - from) };
  });
  await page.keyboard.press(letter);
  return drawn.evaluate(({ after }) => after);
}
