// The sample's guided tour, step by step as its comments say, with a picture of each step.
import { expect } from "vitest";
import { places } from "../../scripts/lib/project.mjs";
import { test } from "./harness/test.ts";

test("the tour of the sample does what its comments say", async ({ share }) => {
  const window = await share(places.samples, "tour.py");

  await window.caretBefore("len(load_rows())");
  await window.press("Alt+Enter");
  await window.untilAnnotated("len(load_rows())", /^⇒ 344$/);
  await window.screenshot("tour 1 a value");

  await window.caretBefore("rows = load_rows()");
  await window.press("Shift+ArrowDown", "Shift+ArrowDown", "Alt+Enter");
  await window.untilAnnotated("penguins = clean(rows)", /^⇒ \[Penguin\(species='Adelie'.*342/);
  await window.untilAnnotated("rows = load_rows()", /^⇒ \[\{'species'/);

  await window.caretBefore("mean_mass(penguins)");
  await window.press("Control+Alt+Enter");
  await window.untilCaretOn("print(report(penguins))");
  await window.press("Control+Alt+Enter");
  await window.untilAnnotated("mean_mass(penguins)", /^⇒ \{'Adelie': 3701, 'Gentoo': 5076/);
  await window.untilAnnotated("print(report(penguins))", /^▸ Chinstrap +#+ 3733 g$/);
  await window.caretBefore("print(report(penguins))");
  await window.clickInHover("Output");
  await expect.poll(() => window.outputPanel()).toMatch(/342 penguins.*Chinstrap +#+ 3733 g/s);
  await window.screenshot("tour 3 the output");
  await window.press("Control+j");

  for (const line of ["first = penguins[0]", "first.describe()"]) {
    await window.caretBefore(line);
    await window.press("Alt+Enter");
  }
  await window.untilAnnotated("first.describe()", /^⇒ 'Adelie of 3750 g'$/);
  await window.openFile("penguins/clean.py");
  await window.replace('} g"', '} grams"');
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def describe", /^✓ redefined · 342 instances/);
  await window.screenshot("tour 4 redefined");
  await window.openFile("tour.py");
  await window.untilAnnotated("first.describe()", /^⇒ 'Adelie of 3750 g' \(stale\)$/);
  for (const line of [
    "len(load_rows())",
    "rows =",
    "penguins =",
    "mean_mass(",
    "print(",
    "first =",
  ]) {
    expect(await window.annotation(line)).not.toContain("stale");
  }
  await window.screenshot("tour 4 only what came of it is stale");
  await window.caretBefore("first.describe()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("first.describe()", /^⇒ 'Adelie of 3750 grams'$/);

  await window.caretBefore("to_penguin(rows[3])");
  await window.press("Alt+Enter");
  await window.untilAnnotated("to_penguin(rows[3])", /^✗ ValueError: could not convert/);
  expect(await window.hover()).toMatch(/line \d+\D.*to_penguin/s);
  await window.screenshot("tour 5 an error");
  await window.dismissHover();
  await window.untilAnnotated("to_penguin(rows[3])", /^✗ ValueError/);

  await window.caretBefore("penguins[0].mass");
  await window.press("Alt+Enter");
  await window.untilAnnotated("penguins[0].mass", /^⇒ 3750$/);
  await window.replace("penguins[0].mass", "penguins[1].mass");
  await window.caretBefore("# 6.");
  await window.untilAnnotated("penguins[1].mass", /^⇒ 3750 \(stale\)$/);
  await window.screenshot("tour 6 stale");
  await window.undoUntil("penguins[0].mass");
  await window.untilAnnotated("penguins[0].mass", /^⇒ 3750$/);

  await window.caretBefore("groups = by_species");
  await window.press("Alt+Enter");
  await window.untilAnnotated("groups = by_species", /^⇒ \{'Adelie'/);
  await window.caretBefore("chance(groups");
  await window.press("Alt+Enter");
  await window.untilAnnotated("chance(groups", /^⟳/);
  await window.press("Control+k", "g");
  await window.acceptPicked("Interrupt");
  await window.untilAnnotated("chance(groups", /^■ interrupted$/);
  await window.screenshot("tour 7 interrupted");
  await window.replace("2_000_000)", "200)");
  await window.press("Alt+Enter");
  await window.untilAnnotated("shuffles=200)", /^⇒ 0\.0$/);

  await window.press("Escape");
  await window.untilAnnotated("shuffles=200)", /^$/);
  await window.press("Shift+Alt+Backspace");
  await window.untilAnnotated("len(load_rows())", /^$/);
  await window.screenshot("tour 8 cleared");
});
