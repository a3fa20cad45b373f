// What became of tests, in words; and which entry of the test view an outcome belongs to.

import type { TestRun } from "../protocol.gen";

/** What a run came to: for the status bar. */
export function summary({
  passed,
  failed,
  errors,
  skipped,
  left,
  problem,
  unsaved,
}: TestRun): string {
  const counts = [
    [passed, "passed"],
    [failed, "failed"],
    [errors, errors === 1 ? "error" : "errors"],
    [skipped, "skipped"],
    [left.length, "not run"],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const old = unsaved?.map((uri) => decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1))) ?? [];
  const as = old.length === 0 ? "" : `; ${old.join(", ")} as saved, not as edited`;
  const tests = `Tests: ${told.join(", ") || "none ran"}${as}`;
  const [first] = problem?.split("\n") ?? [];
  return first === undefined ? tests : `${tests}. ${first}`;
}

/** The names in a test's id from the file on: of `a/test_b.py::C::test_d[1]` the file, `C`, `test_d`, `[1]`. */
export function stepsOf(id: string): string[] {
  const [file = "", ...names] = id.split("::");
  const rest = names.join("::");
  const bracket = rest.indexOf("[");
  const [plain, variant] = bracket < 0 ? [rest, ""] : [rest.slice(0, bracket), rest.slice(bracket)];
  return [file, ...plain.split("::"), variant].filter((step) => step !== "");
}

/** The id of what the first steps lead to. */
export function idOf(steps: readonly string[]): string {
  return steps.reduce((id, step) => (step.startsWith("[") ? id + step : `${id}::${step}`));
}
