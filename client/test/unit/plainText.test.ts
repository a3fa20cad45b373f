// Text of the worker never becomes markup, a link, a layout or half a character.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  codeSpan,
  cut,
  fence,
  oneLine,
  visible,
  withoutLinks,
} from "../../src/annotations/plainText";

const nasty = fc.string({
  unit: fc.constantFrom(
    "`",
    "```",
    "\n",
    "\r\n",
    "[x](command:evil)",
    "<b>",
    "](",
    "\u202e",
    "\u0007",
    "\u001b[31m",
    "🙂",
    "a",
    " ",
    "\t",
    "\ud83d",
    "~~~",
  ),
  maxLength: 30,
});

describe("at a line's end", () => {
  test.each([
    ["a b", "a\u00a0b"],
    ["one\r\n  two", "one⏎two"],
    ["\n first", "first"],
    ["a\u202eb", "a\\u202eb"],
    ["\u0007", "\\u0007"],
    ["👩‍👩‍👧", "👩‍👩‍👧"],
    ["\ud83d", "\\ud83d"],
  ])("%j is %j", (text, expected) => {
    expect(oneLine(text, 100)).toBe(expected);
  });

  test("it is one line of at most its length, without characters that cannot be seen", () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 2, max: 40 }), (text, length) => {
        const line = oneLine(text, length);
        expect(line.length).toBeLessThanOrEqual(length);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
        expect(line).not.toMatch(/[\u0000-\u001f\u202a-\u202e ]|\p{Surrogate}/u);
      }),
    );
  });
});

test("a cut shows, and never splits a character", () => {
  expect(cut("abcdef", 4)).toBe("abc…");
  expect(cut("ab🙂cd", 4)).toBe("ab…");
  expect(cut("ab🙂", 4)).toBe("ab🙂");
});

test("a code block is ended by nothing but its own fence", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const lines = fence(text, "python").split("\n").slice(1, -1);
      const mark = /^`+/.exec(lines[0] ?? "")?.[0] ?? "";
      const inner = lines.slice(1, -1).join("\n");
      expect(lines.at(-1)).toBe(mark);
      expect(inner).not.toContain(mark);
      expect(inner).toBe(visible(text));
    }),
  );
});

test("a code span is ended by nothing but its own mark", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const span = codeSpan(text);
      const mark = /^`+/.exec(span)?.[0] ?? "";
      expect(span).not.toContain("\n");
      expect(span.slice(mark.length, -mark.length)).not.toContain(mark);
    }),
  );
});

test("messages and prompts have no links", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(withoutLinks(text)).not.toContain("](");
    }),
  );
});
