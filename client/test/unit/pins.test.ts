// What is said of pins and doctests: at the ends of lines and in hovers.
import { describe, expect, test } from "vitest";
import { hoverText } from "../../src/pins/hoverText";
import { failure, marksInPins, marksInSource, rowLabel } from "../../src/pins/words";
import type { Pin, PinExample } from "../../src/protocol.gen";
import { errorInfo } from "./errorInfo";

const URI = "file:///w/shapes.py";

function example(line: number, given: Partial<PinExample> = {}): PinExample {
  return {
    range: { start: { line, character: 0 }, end: { line: line + 2, character: 0 } },
    source: "area(2, 3)",
    expected: "6\n",
    status: "passed",
    got: "6\n",
    ...given,
  };
}

function pin(given: Partial<Pin> = {}): Pin {
  const at = { line: 4, character: 0 };
  return {
    id: `pin:${given.label ?? "area(2, 3)"}`,
    kind: "pin",
    uri: "file:///w/pins/shapes.py.txt",
    label: "area(2, 3)",
    status: "passed",
    examples: [example(3)],
    at: { start: at, end: at },
    ...given,
  };
}

const failed = pin({
  label: "area(9, 9)",
  status: "failed",
  examples: [example(6, { status: "failed", got: "18\n", expected: "81\n" })],
});
const unknown = pin({ status: "unknown", examples: [example(3, { status: "unknown" })] });

const plain = (text: string): string => text.replaceAll("\u00a0", " ").trim();
const inSource = (...items: Pin[]) =>
  marksInSource({ uri: URI, items }, 100).map(({ line, text }) => [line, plain(text)]);

describe("marks", () => {
  test.each([
    ["one that passed", [pin()], "✓ 1 pin"],
    ["two that passed", [pin(), pin()], "✓ 2 pins"],
    ["one that failed", [pin(), failed], "✗ area(9, 9) → 18, not 81"],
    ["two that failed", [failed, failed], "✗ area(9, 9) → 18, not 81 · 1 more"],
    ["one that was not tried", [pin(), unknown], "○ 2 pins"],
  ])("of a definition: %s", (_, items, text) => {
    expect(inSource(...items)).toEqual([[4, text]]);
  });

  test("stand in the file of the pins where they are written", () => {
    const marks = marksInPins({ uri: URI, items: [pin(), failed, unknown] }, 100);
    expect(marks.map(({ line, text }) => [line, plain(text)])).toEqual([
      [4, "✓"],
      [7, "✗ 18, not 81"],
    ]);
  });

  test("of doctests stand at each example", () => {
    const examples = [example(1), example(3, { status: "failed", got: "x\n", expected: "" })];
    const doctest = pin({ kind: "doctest", label: "area", status: "failed", examples });
    expect(inSource(doctest)).toEqual([
      [2, "✓"],
      [4, "✗ x, not nothing"],
    ]);
    expect(rowLabel(doctest)).toBe("Doctest of area");
  });

  test("tell what was raised, and which exception was expected", () => {
    const error = errorInfo({ type: "ValueError", message: "no" });
    const raised = example(3, { status: "failed", got: "ValueError: no", error });
    expect(plain(failure(pin({ examples: [raised] }), 100))).toBe("area(2, 3) → ValueError: no");
    const expected = "Traceback (most recent call last):\n    ...\nValueError: no\n";
    const returned = example(3, { status: "failed", expected });
    expect(plain(failure(pin({ examples: [returned] }), 100))).toBe(
      "area(2, 3) → 6, not ValueError: no",
    );
  });
});

describe("hovers", () => {
  test("begin with what failed, and offer what can be done", () => {
    const text = hoverText(URI, [pin(), failed]);
    expect(text.indexOf("area(9, 9)")).toBeLessThan(text.indexOf("area(2, 3)"));
    expect(text).toContain("Expected");
    expect(text).toContain("\n81\n");
    expect(text).toContain("\n18\n");
    expect(text).toMatch(/\[Unpin\]\(command:relive\.unpin\?[^()\s]+\)/);
  });

  test("show what user code made as code, which it cannot end", () => {
    const got = "```\n[x](command:evil)\n";
    const text = hoverText(URI, [
      pin({ status: "failed", examples: [example(3, { status: "failed", got })] }),
    ]);
    expect(text).toContain("\n````\n```\n[x](command:evil)\n````\n");
  });
});
