// The pictures of the README: the tour with its values, beside a method that was just redefined; the recovery list.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { expect } from "vitest";
import { inProject, places } from "../../scripts/lib/project.mjs";
import { renewSettings, WITHOUT_CHECKPOINTS } from "./harness/settings.ts";
import { test } from "./harness/test.ts";

const PICTURE = inProject("docs", "images", "relive.png");
const RECOVERY_PICTURE = inProject("docs", "images", "recovery.png");

test("the picture of the README", async ({ open }) => {
  const window = await open(places.samples, "tour.py");
  await window.command("View: Toggle Primary Side Bar Visibility");
  await window.caretBefore("groups = by_species");
  await window.command("Relive: Evaluate to Here");
  await window.untilAnnotated("to_penguin(rows[3])", /^✗/);
  await window.page.setViewportSize({ width: 1500, height: 780 });
  await window.press("Control+\\");
  await window.openFile("penguins/clean.py");
  await window.replace('} g"', '} grams"');
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def describe", /^✓ redefined/);
  await window.press(...Array(5).fill("Control+ArrowUp"));
  await window.press("Control+1");
  await window.caretBefore("first.describe()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("first.describe()", /grams/);
  await window.press(...Array(9).fill("Control+ArrowUp"));
  await mkdir(dirname(PICTURE), { recursive: true });
  await window.page.screenshot({ path: PICTURE });
});

const STEPS = {
  "rows = load_rows()": /^⇒/,
  "penguins = clean(rows)": /^⇒/,
  "first = penguins[0]": /^⇒/,
};

test("the picture of the recovery list", async ({ open }) => {
  const window = await open(places.samples, "tour.py");
  await window.writeBehind(WITHOUT_CHECKPOINTS);
  await renewSettings(window);
  await window.command("View: Toggle Primary Side Bar Visibility");
  for (const [code, shown] of Object.entries(STEPS)) {
    await window.caretBefore(code);
    await window.press("Alt+Enter");
    await window.untilAnnotated(code, shown);
  }
  await window.openFile("penguins/clean.py");
  await window.replace('} g"', '} grams"');
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def describe", /^✓ redefined/);
  await window.openFile("tour.py");
  await window.caretBefore("first.describe()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("first.describe()", /grams/);
  await window.replace("to_penguin(rows[3])", '__import__("os").abort()');
  await window.press("Alt+Enter");
  await window.untilAnnotated("abort()", /^✗ the Python process ended/);
  await window.page.setViewportSize({ width: 1200, height: 720 });
  await window.acceptNotified("Recover Session (6 evaluations)…");
  await window.untilListed("Recover: samples");
  await expect.poll(() => window.notifications()).toBe("");
  await window.page.screenshot({ path: RECOVERY_PICTURE });
});
