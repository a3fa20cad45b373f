// What a click on a column's head makes of the order of the rows. No DOM.

import type { TableSort } from "../../src/protocol.gen";

/** Upwards, then downwards, then as they are. */
export function nextSort(sort: TableSort | null, column: number): TableSort | null {
  if (sort?.column !== column) {
    return { column, descending: false };
  }
  return sort.descending ? null : { column, descending: true };
}

export function ariaSort(
  sort: TableSort | null,
  column: number,
): "ascending" | "descending" | undefined {
  if (sort?.column !== column) {
    return undefined;
  }
  return sort.descending ? "descending" : "ascending";
}
