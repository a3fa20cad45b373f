// Where in a file a definition stands, or would stand: by its text alone. No vscode.

import { definitionLine, endLine } from "../annotations/definitionLine";
import type { Lines } from "../annotations/evaluated";

/** What is to be written after a line, -1: before the first. */
export interface Insertion {
  readonly after: number;
  readonly text: string;
}

/** Where a definition goes that is not in the file: at the end of its class, or of the file. */
export function insertion(lines: Lines, name: string, text: string): Insertion | undefined {
  const owner = name.slice(0, Math.max(0, name.lastIndexOf(".")));
  if (owner === "") {
    const last = lastCode(lines);
    return { after: last, text: last < 0 ? text : `\n\n\n${text}` };
  }
  const header = definitionLine(lines, owner);
  return header === undefined ? undefined : { after: endLine(lines, header), text: `\n\n${text}` };
}

function lastCode(lines: Lines): number {
  let last = lines.count - 1;
  while (last >= 0 && lines.at(last).trim() === "") {
    last -= 1;
  }
  return last;
}
