// A table of any length: only the rows in sight are there, and only pages of them are asked for.

import type { TableSort, ValueTable } from "../../src/protocol.gen";
import { PAGE } from "../../src/results/messages";
import { element } from "../element";
import type { Source } from "../host";
import type { Show } from "../stage";
import { Columns } from "./columns";
import { Pages, type Row } from "./pages";
import { Rows } from "./rows";
import { nextSort } from "./sort";

export const showTable: Show = async (source) => {
  const table = new Table(source);
  await table.load();
  return table.element;
};

/** What is shown of a table changes as a whole: with the order of its rows, and with the columns in sight. */
class Table {
  readonly element = element("div", { class: "table" });
  readonly #source: Source;
  readonly #status = element("span", { class: "status", role: "status" });
  #sort: TableSort | null = null;
  #firstColumn = 0;
  /** Counts what was asked for, so that an answer that comes late is no answer any more. */
  #turn = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  async load(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const first = await this.#rows(0, PAGE);
    if (turn === this.#turn) {
      this.#show(first);
    }
  }

  #rows(start: number, count: number): Promise<ValueTable> {
    return this.#source.rows({ start, count, firstColumn: this.#firstColumn, sort: this.#sort });
  }

  #show(first: ValueTable): void {
    const pages = new Pages(async (start, count) => rowsOf(await this.#rows(start, count)), PAGE);
    pages.put(0, rowsOf(first));
    const columns = new Columns(first, {
      firstColumn: this.#firstColumn,
      sort: this.#sort,
      onSort: (column) => this.#sortBy(column),
    });
    const rows = new Rows(columns, pages, first.total, (text) => this.#say(text));
    const bar = element("div", { class: "bar" }, ...this.#columnSteps(first), this.#status);
    this.element.replaceChildren(rows.element, bar);
    rows.begin();
  }

  #sortBy(column: number): void {
    const before = this.#sort;
    this.#sort = nextSort(before, column);
    void this.#again(() => {
      this.#sort = before;
    });
  }

  /** What cannot be had leaves the table as it was, and says why. */
  async #again(takeBack: () => void): Promise<void> {
    this.#say("…");
    try {
      await this.load();
      this.element.querySelector<HTMLElement>("[aria-sort] button")?.focus();
    } catch (failure) {
      takeBack();
      this.#say(failure instanceof Error ? failure.message : String(failure));
    }
  }

  /** Buttons to go on to further columns, where there are more than are shown at once. */
  #columnSteps({ columns, totalColumns }: ValueTable): HTMLElement[] {
    if (columns.length === totalColumns) {
      return [];
    }
    const first = this.#firstColumn;
    const step = (label: string, to: number): HTMLElement => {
      const disabled = to < 0 || to >= totalColumns;
      const button = element("button", { type: "button", disabled }, label);
      button.addEventListener("click", () => {
        this.#firstColumn = to;
        void this.#again(() => {
          this.#firstColumn = first;
        });
      });
      return button;
    };
    const last = first + columns.length;
    const width = Math.max(columns.length, 1);
    return [
      step("Columns before", first === 0 ? -1 : Math.max(0, first - width)),
      element(
        "span",
        {},
        `Columns ${count(first + 1)} to ${count(last)} of ${count(totalColumns)}`,
      ),
      step("Further columns", last),
    ];
  }

  #say(text: string): void {
    this.#status.textContent = text;
  }
}

function rowsOf({ index, rows }: ValueTable): Row[] {
  return rows.map((cells, at) => ({ index: index[at] ?? [], cells }));
}

function count(n: number): string {
  return n.toLocaleString("en");
}
