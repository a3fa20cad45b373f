// Outcomes of tests in words, and their places in the test view.
import { describe, expect, test } from "vitest";
import { idOf, stepsOf, summary } from "../../src/testing/outcomes";

const nothing = { passed: 0, failed: 0, errors: 0, skipped: 0, items: [], left: [] };

describe("a run in words", () => {
  test.each([
    [{}, "Tests: none ran"],
    [{ passed: 3 }, "Tests: 3 passed"],
    [
      { passed: 1, failed: 2, errors: 1, skipped: 4 },
      "Tests: 1 passed, 2 failed, 1 error, 4 skipped",
    ],
    [
      { passed: 1, left: ["a", "b"], problem: "The tests were stopped.\nMore of it." },
      "Tests: 1 passed, 2 not run. The tests were stopped.",
    ],
    [
      { passed: 2, unsaved: ["file:///w/tests/test_%C3%A9.py", "file:///w/test_b.py"] },
      "Tests: 2 passed; test_é.py, test_b.py as saved, not as edited",
    ],
  ])("%o", (run, words) => {
    expect(summary({ ...nothing, ...run })).toBe(words);
  });
});

describe("a test's place", () => {
  test.each([
    ["a/test_b.py", ["a/test_b.py"]],
    ["test_b.py::test_c", ["test_b.py", "test_c"]],
    ["test_b.py::C::test_d[1]", ["test_b.py", "C", "test_d", "[1]"]],
    ["test_b.py::test_d[a::b[0]]", ["test_b.py", "test_d", "[a::b[0]]"]],
  ])("%s", (id, steps) => {
    expect(stepsOf(id)).toEqual(steps);
    expect(idOf(steps)).toBe(id);
  });
});
