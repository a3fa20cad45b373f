// The heads of a table's columns, which sort it, and the cells below them.

import type { TableSort, ValueTable } from "../../src/protocol.gen";
import { element } from "../element";
import type { Row } from "./pages";
import { ariaSort } from "./sort";

export interface ColumnOptions {
  /** The number of the first column that is shown. */
  readonly firstColumn: number;
  readonly sort: TableSort | null;
  readonly onSort: (column: number) => void;
}

/** That of the index, as the worker knows it. */
const INDEX = -1;

export class Columns {
  readonly #table: ValueTable;
  readonly #options: ColumnOptions;
  #heads: HTMLElement[] = [];

  constructor(table: ValueTable, options: ColumnOptions) {
    this.#table = table;
    this.#options = options;
  }

  get count(): number {
    return this.#table.indexNames.length + this.#table.columns.length;
  }

  head(): HTMLElement {
    const { indexNames, columns } = this.#table;
    const index = indexNames.map((name) => this.#cell(INDEX, name, "", "index"));
    const others = columns.map(({ name, dtype, numeric }, at) =>
      this.#cell(this.#options.firstColumn + at, name, dtype, numeric ? "numeric" : ""),
    );
    this.#heads = [...index, ...others];
    return element("tr", { "aria-rowindex": 1 }, ...this.#heads);
  }

  /** A column never gets narrower: columns that jump while one scrolls cannot be read. */
  keepWidths(): void {
    const widths = this.#heads.map((head) => head.getBoundingClientRect().width);
    this.#heads.forEach((head, at) => {
      head.style.minWidth = `${widths[at] ?? 0}px`;
    });
  }

  #cell(column: number, name: string, dtype: string, kind: string): HTMLElement {
    const { sort, onSort } = this.#options;
    const order = ariaSort(sort, column);
    const button = element(
      "button",
      { type: "button", title: `Sort by ${name || "the index"}` },
      element("span", { class: "name" }, name || (column === INDEX ? "index" : "")),
      ...(dtype === "" ? [] : [element("span", { class: "dtype" }, dtype)]),
    );
    button.addEventListener("click", () => onSort(column));
    return element("th", { scope: "col", class: kind, "aria-sort": order }, button);
  }

  /** A row whose contents are not there yet keeps its place. */
  row(number: number, row: Row | undefined): HTMLElement {
    const { indexNames, columns } = this.#table;
    const index = indexNames.map((_, level) =>
      element("th", { scope: "row", class: "index" }, row?.index[level] ?? "…"),
    );
    const cells = columns.map(({ numeric }, at) =>
      cell(row === undefined ? "…" : (row.cells[at] ?? ""), numeric),
    );
    return element("tr", { "aria-rowindex": number + 2 }, ...index, ...cells);
  }
}

/** What is too wide for its column is read as its title. */
function cell(text: string, numeric: boolean): HTMLElement {
  return element(
    "td",
    { class: numeric ? "numeric" : "", title: text.length > 40 ? text : undefined },
    text,
  );
}
