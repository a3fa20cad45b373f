// The line a definition's name stands on, found by its text alone. Only for placing a note about it.

import type { Lines } from "./evaluated";

const HEADER = /^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+([^\W\d]\w*)/u;

/** The header of the last definition of this qualified name, as `Class.method`. */
export function definitionLine(text: Lines, name: string): number | undefined {
  const wanted = name.replace(/\.<locals>/g, "");
  const open: { indent: number; name: string }[] = [];
  let found: number | undefined;
  for (let line = 0; line < text.count; line += 1) {
    const indent = indentOfCode(text.at(line));
    while (indent !== undefined && (open.at(-1)?.indent ?? -1) >= indent) {
      open.pop();
    }
    const own = HEADER.exec(text.at(line))?.[1];
    if (own !== undefined) {
      open.push({ indent: indent ?? 0, name: own });
      found = open.map((entry) => entry.name).join(".") === wanted ? line : found;
    }
  }
  return found;
}

/** Undefined for lines that end no block whatever their indent: blanks, comments, closing brackets. */
function indentOfCode(line: string): number | undefined {
  const indent = line.search(/\S/);
  return indent < 0 || /[#)\]}]/.test(line.charAt(indent)) ? undefined : indent;
}

/** The last line of a definition's code, told by its indentation; `header` is where its name stands. */
export function endLine(text: Lines, header: number): number {
  const own = indentOfCode(text.at(header)) ?? 0;
  let last = header;
  for (let line = header + 1; line < text.count; line += 1) {
    const indent = indentOfCode(text.at(line));
    if (indent !== undefined && indent <= own) {
      break;
    }
    last = indent === undefined ? last : line;
  }
  return last;
}

/** The line of the `def` or `class` keyword of a definition that begins, with its decorators, at `first`. */
export function headerLine(text: Lines, first: number, last: number): number {
  for (let line = first; line <= last; line += 1) {
    if (HEADER.test(text.at(line))) {
      return line;
    }
  }
  return first;
}
