// What ran is exported, opened and run again; a notebook becomes a file whose cells run.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const TEXT = `unused = [0]

prices = [3, 4]

total = sum(prices) * 100
`;

const NOTEBOOK = JSON.stringify({
  cells: [
    { cell_type: "markdown", metadata: {}, source: ["# Sums"] },
    { cell_type: "code", metadata: {}, source: ["%matplotlib inline\n", "sum([40, 2])"] },
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

test("results are exported as a program that runs, and a notebook is imported", async ({
  share,
}) => {
  const window = await share({ "sums.py": TEXT, "first.ipynb": NOTEBOOK }, "sums.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("total =", /^⇒ 700$/);
  await window.untilIdle();

  await window.openList("Relive: Export Results…", "Export Results");
  await expect.poll(() => window.listed()).toContain("total = sum(prices) * 100 line 5 · 700");
  await window.press("ArrowDown", "ArrowDown", "ArrowDown", "Space");
  await expect.poll(() => window.checkedInList()).toEqual(["total = sum(prices) * 100"]);
  await window.screenshot("export results");
  await window.press("Enter");
  await window.acceptListOf("Program", "Export as Program");
  await window.answerSave("Export as Program", join(window.folder, "exported.py"));
  await window.untilShown("exported.py");
  const written = await readFile(join(window.folder, "exported.py"), "utf8");
  expect(written).toContain("prices = [3, 4]");
  expect(written).not.toContain("unused");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("total =", /^⇒ 700$/);
  await window.screenshot("exported program");

  await window.openList("Relive: Import Notebook…", "Notebook to Import");
  await window.answerOpen("Notebook to Import", join(window.folder, "first.ipynb"));
  await window.acceptPicked("Open Unsaved");
  await window.caretBefore("sum([40");
  await window.press("Alt+Enter");
  await window.untilAnnotated("sum([40", /^⇒ 42$/);
  await window.screenshot("imported notebook");

  await window.untilIdle();
  await window.openFile("sums.py");
  await window.openList("Relive: Export Session…", "Export Session");
  await expect.poll(() => window.listed()).toContain("Notebook .ipynb with what the code gave");
  await window.press("ArrowDown");
  await window.acceptListOf("Notebook", "Export as Notebook");
  await window.answerSave("Export as Notebook", join(window.folder, "exported.ipynb"));
  await window.page.getByText("Select Kernel").waitFor();
  await window.screenshot("exported notebook");
});
