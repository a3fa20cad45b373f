// What is written at the lines of a captured call.

import { expect, test } from "vitest";
import { headline, inlineValues, listed, told } from "../../src/captured/words";
import type { CapturedCall } from "../../src/protocol.gen";

const CALL: CapturedCall = {
  call: 3,
  name: "scaled",
  uri: "file:///m.py",
  range: { start: { line: 3, character: 0 }, end: { line: 8, character: 0 } },
  arguments: [{ name: "numbers", text: "[1, 2, 3]" }],
  lines: [
    { line: 4, values: [{ name: "total", text: "0" }], count: 1 },
    { line: 6, values: [{ name: "total", text: "60", first: "10" }], count: 3 },
    { line: 7, values: [], count: 1 },
  ],
  locals: [],
  at: "2030-01-01T10:00:00+00:00",
  number: 1,
  hasValues: true,
  outdated: false,
  again: "scaled(numbers)",
  result: "60",
  durationMs: 1.5,
};

function shown(call: CapturedCall): [number, string][] {
  return inlineValues(call, 3, 100).map(({ line, text }) => [line, text.replace(/\u00a0/g, " ")]);
}

test("values stand at the lines that gave them, the call itself at the header", () => {
  expect(shown(CALL)).toEqual([
    [3, "  (numbers=[1, 2, 3]) ⇒ 60"],
    [4, "  total = 0"],
    [6, "  total = 60 · 3×"],
  ]);
});

test("an error stands at the line that failed, in place of what it gave before", () => {
  const { result: _, ...rest } = CALL;
  const failed = { ...rest, error: "TypeError: no number", errorLine: 6 };
  expect(shown(failed)).toEqual([
    [3, "  (numbers=[1, 2, 3]) ✗ TypeError: no number"],
    [4, "  total = 0"],
    [6, "  ✗ TypeError: no number"],
  ]);
  expect(inlineValues(failed, 3, 100).map(({ isError }) => isError)).toEqual([true, false, true]);
});

test("the hover tells the first value, and what is of the call's end", () => {
  expect(
    told({ ...CALL.lines[1], line: 6, count: 3, values: CALL.lines[1]?.values ?? [] }),
  ).toEqual(["total = 10 first, then 60", "ran 3 times"]);
  const late = { name: "rows", text: "[…]", late: true };
  expect(told({ line: 6, values: [late], count: 10_000, atLeast: true })).toEqual([
    "rows = […] (at the call's end)",
    "ran at least 10000 times",
  ]);
});

test("what a value says of itself cannot leave its line", () => {
  const values = [{ name: "text", text: "a\nb\u202e" }];
  expect(shown({ ...CALL, lines: [{ line: 4, values, count: 1 }] })[1]).toEqual([
    4,
    "  text = a⏎b\\u202e",
  ]);
});

test("a call in a list says its outcome, its thread, and whether text can run in it", () => {
  const { durationMs: _, result: __, ...rest } = CALL;
  expect(headline(rest)).toBe("(numbers=[1, 2, 3]) … has not ended");
  expect(headline({ ...CALL, result: "None", yields: 2 })).toMatch(/⇒ None · 2 times yielded$/);
  const other = listed({ ...CALL, thread: "T1", hasValues: false });
  expect(other.description).toBe("call 1 · thread T1");
  expect(other.detail).toContain("variables not kept any more");
});
