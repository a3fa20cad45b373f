// A table as text with commas: all of its rows and columns, asked for part by part. No vscode.

import { UserError } from "../errors";
import type { ValueTable } from "../protocol.gen";

export interface Part {
  readonly start: number;
  readonly count: number;
  readonly firstColumn: number;
  readonly columnCount: number;
}

/** The most that is asked for at once. */
const AT_ONCE = 1000;
/** What is larger is better written by the library that made it. */
const MAX_CELLS = 2_000_000;

export async function csv(rows: (part: Part) => Promise<ValueTable>): Promise<string> {
  const { total, totalColumns } = await rows({
    start: 0,
    count: 1,
    firstColumn: 0,
    columnCount: 1,
  });
  if (total * totalColumns > MAX_CELLS) {
    throw new UserError(
      "The table is too long to be saved from here: save it with a call in the code, as `frame.to_csv(…)`.",
    );
  }
  const lines: string[][] = [];
  for (let firstColumn = 0; firstColumn < totalColumns; firstColumn += AT_ONCE) {
    for (let start = 0; start === 0 || start < total; start += AT_ONCE) {
      const part = { start, count: AT_ONCE, firstColumn, columnCount: AT_ONCE };
      append(lines, await rows(part), part);
    }
  }
  return lines.map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

/** The head is line 0; further columns go on in the lines that are there. */
function append(lines: string[][], table: ValueTable, { start, firstColumn }: Part): void {
  const index = firstColumn === 0;
  const put = (at: number, labels: readonly string[], cells: readonly string[]): void => {
    lines[at] = [...(lines[at] ?? []), ...(index ? labels : []), ...cells];
  };
  if (start === 0) {
    put(
      0,
      table.indexNames,
      table.columns.map(({ name }) => name),
    );
  }
  table.rows.forEach((cells, at) => {
    put(start + at + 1, table.index[at] ?? [], cells);
  });
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
