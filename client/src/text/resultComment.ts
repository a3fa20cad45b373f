// A result as a comment below its code, and how it is found again there. No vscode.

import { type Lines, linesOf } from "../annotations/evaluated";
import { cut, visible } from "../annotations/plainText";

const FIRST = "# => ";
const FURTHER = "#    ";
/** A comment is to be read with its code, not to hold a table: the rest is said to be missing. */
const MAX_LINES = 30;
const MAX_WIDTH = 200;

/** The comment's lines, as deep as the code it belongs to. */
export function commentOf(text: string, indent: string): string[] {
  const lines = visible(text).trimEnd().split("\n");
  const left = lines.length - MAX_LINES;
  const shown = left > 0 ? [...lines.slice(0, MAX_LINES), `… ${left} more lines`] : lines;
  return shown.map((line, index) =>
    `${indent}${index === 0 ? FIRST : FURTHER}${cut(line, MAX_WIDTH)}`.trimEnd(),
  );
}

/** How many lines from `line` on are such a comment; 0: there is none. */
export function commentLength(text: Lines, line: number): number {
  const indent = indentOf(text, line);
  if (line >= text.count || !startsWith(text.at(line), indent + FIRST)) {
    return 0;
  }
  let length = 1;
  while (line + length < text.count && startsWith(text.at(line + length), indent + FURTHER)) {
    length += 1;
  }
  return length;
}

export function indentOf(text: Lines, line: number): string {
  return line < text.count ? (/^[ \t]*/.exec(text.at(line))?.[0] ?? "") : "";
}

/** A line of nothing but its mark has lost the blank behind it. */
function startsWith(line: string, mark: string): boolean {
  return line.startsWith(mark) || line === mark.trimEnd();
}

export function isSameComment(text: Lines, line: number, comment: readonly string[]): boolean {
  const { count, at } = linesOf(comment);
  return (
    commentLength(text, line) === count &&
    comment.every((_, index) => text.at(line + index) === at(index))
  );
}
