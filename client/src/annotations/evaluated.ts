// The text a result came from, and whether the document still says the same there.

import type { Place } from "./regions";

/** A document's lines, without their ends: how a file ends its lines is no difference in its text. */
export interface Lines {
  readonly count: number;
  at(line: number): string;
}

/** Whole lines as they were when they were evaluated. */
export interface Evaluated {
  readonly lines: readonly string[];
  /** Where the code ends in the last line: what follows it may become a comment. */
  readonly codeEnd: number;
}

export function linesOf(texts: readonly string[]): Lines {
  return { count: texts.length, at: (line) => texts[line] ?? "" };
}

export function slice(text: Lines, first: number, last: number): string[] {
  const end = Math.min(last, text.count - 1);
  return Array.from({ length: Math.max(0, end - first + 1) }, (_, index) => text.at(first + index));
}

/** Whether the lines from `line` on are what was evaluated, but for a comment behind the code. */
export function reads(text: Lines, line: number, evaluated: Evaluated): boolean {
  const last = evaluated.lines.length - 1;
  if (line < 0 || line + last >= text.count) {
    return false;
  }
  return evaluated.lines.every((expected, index) => {
    const actual = text.at(line + index);
    return actual === expected || (index === last && onlyComment(actual, expected, evaluated));
  });
}

function onlyComment(actual: string, expected: string, { codeEnd }: Evaluated): boolean {
  const wasOnlyComment = /^\s*(#.*)?$/.test(expected.slice(codeEnd));
  const code = expected.slice(0, codeEnd);
  return wasOnlyComment && actual.startsWith(code) && /^\s*(#.*)?$/.test(actual.slice(codeEnd));
}

/** The line nearest to `near`, of those from `first` to `last`, from which on `text` reads as evaluated. */
export function find(
  text: Lines,
  evaluated: Evaluated,
  near: number,
  first = 0,
  last = text.count - 1,
): number | undefined {
  const reach = Math.max(near - first, last - near);
  for (let distance = 0; distance <= reach; distance += 1) {
    for (const line of distance === 0 ? [near] : [near - distance, near + distance]) {
      if (line >= first && line <= last && reads(text, line, evaluated)) {
        return line;
      }
    }
  }
  return undefined;
}

/**
 * What was evaluated at these lines of the document as it is now, if `sent`, the text that was
 * sent for evaluation, says the same somewhere. Otherwise the lines were edited while the code ran.
 */
export function evaluatedAt(
  now: Lines,
  first: number,
  end: Place,
  sent: Lines,
): Evaluated | undefined {
  const evaluated = { lines: slice(now, first, end.line), codeEnd: end.character };
  return find(sent, evaluated, first) === undefined ? undefined : evaluated;
}
