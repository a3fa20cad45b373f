// A result as a comment: how it is written, and how it is found again.
import { describe, expect, test } from "vitest";
import { linesOf } from "../../src/annotations/evaluated";
import { commentLength, commentOf, isSameComment } from "../../src/text/resultComment";

const text = (...lines: string[]) => linesOf(lines);

describe("writing", () => {
  test.each([
    ["42", "", ["# => 42"]],
    ["[[1, 2],\n [3, 4]]", "    ", ["    # => [[1, 2],", "    #     [3, 4]]"]],
    ["a\n\nb", "", ["# => a", "#", "#    b"]],
    ["ends\n", "", ["# => ends"]],
    ["\u202eevil\u0007", "", ["# => \\u202eevil\\u0007"]],
  ])("%j", (value, indent, comment) => {
    expect(commentOf(value, indent)).toEqual(comment);
  });

  test("what is long is cut, and says so", () => {
    const long = Array.from({ length: 50 }, (_, line) => `line ${line}`).join("\n");
    const comment = commentOf(long, "");
    expect(comment).toHaveLength(31);
    expect(comment.at(-1)).toBe("#    … 20 more lines");
    expect(commentOf("x".repeat(500), "")[0]).toMatch(/x…$/);
  });
});

describe("finding", () => {
  test.each([
    [text("# => 42"), 0, 1],
    [text("x", "# => a", "#    b", "#", "#    c", "# other"), 1, 4],
    [text("x", "# a comment"), 1, 0],
    [text("x"), 1, 0],
    [text("    # => 1", "# => 2"), 0, 1],
    [text("# => 1", "# => 2"), 0, 1],
  ])("%#", (lines, line, length) => {
    expect(commentLength(lines, line)).toBe(length);
  });

  test("what was written is found, and told from another value", () => {
    const comment = commentOf("[1,\n\n 2]", "  ");
    const lines = text("  x", ...comment, "  y");
    expect(commentLength(lines, 1)).toBe(3);
    expect(isSameComment(lines, 1, comment)).toBe(true);
    expect(isSameComment(lines, 1, commentOf("[1]", "  "))).toBe(false);
  });
});
