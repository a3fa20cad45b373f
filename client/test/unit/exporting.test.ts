// Exports in words: which results there are to choose from, and what came of it.
import { expect, test } from "vitest";
import { exportedWords, importedWords, resultRows } from "../../src/exporting/words";
import { Annotated, KEY, pending } from "./annotated";

test("results of the process that runs are offered in the order of the text", () => {
  const document = new Annotated("a = 1\nb()\nc\nd\ne\n");
  document.result(3, 3, "4", { result: "9:1" });
  document.result(0, 0, "1", { result: "7:1" });
  const done = { kind: "done" as const, run: { ...runOf(document) } };
  document.result(1, 1, "", { result: "8:1", content: done });
  document.result(2, 2, "none of a process");
  document.result(4, 4, "", { result: "10:1", content: pending });
  const rows = () => resultRows(document.store.all(KEY), (line) => document.model.lines.at(line));
  expect(rows()).toEqual([
    { id: "7:1", label: "a = 1", description: "line 1 · 1" },
    { id: "8:1", label: "b()", description: "line 2" },
    { id: "9:1", label: "d", description: "line 4 · 4" },
  ]);
  document.store.expire();
  expect(rows()).toEqual([]);
});

test("what was exported and imported is told, and what was not", () => {
  const exported = { text: "", name: "x.py", statements: 1, leftOut: [] };
  expect(exportedWords(exported, "out.py")).toBe("exported 1 statement to out.py");
  const left = { ...exported, statements: 1200, leftOut: [{ label: "1 / 0", why: "it failed" }] };
  expect(exportedWords(left, "out.py")).toBe(
    "exported 1,200 statements to out.py; 1 left out, with the reasons in it",
  );
  const imported = { text: "", name: "n.py", cells: 2, comments: 0 };
  expect(importedWords(imported)).toBe("imported 2 cells");
  expect(importedWords({ ...imported, comments: 1 })).toBe(
    "imported 2 cells; 1 line that only a notebook understands, as comments",
  );
});

function runOf(document: Annotated) {
  const [first] = document.store.all(KEY);
  if (first?.content.kind !== "value") {
    throw new Error("a value is none");
  }
  return first.content.run;
}
