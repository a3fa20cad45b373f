// The rows in sight: which those are, by scroll bar, wheel and keys, and that they are there.

import { element } from "../element";
import type { Columns } from "./columns";
import type { Pages } from "./pages";
import { Scale } from "./scale";

/** As in the style sheet. */
const ROW_HEIGHT = 22;
/** The head has the column's name and its type. */
const HEAD_HEIGHT = 40;

export class Rows {
  readonly element: HTMLElement;
  readonly #columns: Columns;
  readonly #pages: Pages;
  readonly #total: number;
  readonly #say: (text: string) => void;
  readonly #scale: Scale;
  readonly #body = element("tbody");
  readonly #grid: HTMLElement;
  /** The row at the top. */
  #top = 0;
  #bringing = false;
  /** Where the scroll bar was put for it: what it says then is not another place. */
  #placed = 0;

  constructor(columns: Columns, pages: Pages, total: number, say: (text: string) => void) {
    this.#columns = columns;
    this.#pages = pages;
    this.#total = total;
    this.#say = say;
    this.#scale = new Scale(total, ROW_HEIGHT);
    this.#grid = element(
      "table",
      { "aria-rowcount": total + 1, "aria-colcount": columns.count },
      element("thead", {}, columns.head()),
      this.#body,
    );
    const sized = element("div", {
      class: "sized",
      style: `height: ${this.#scale.height + HEAD_HEIGHT}px`,
    });
    sized.append(this.#grid);
    this.element = element(
      "div",
      { class: "scrolled", tabindex: 0, role: "region", "aria-label": "Table" },
      sized,
    );
  }

  /** To be called once it is in the page. */
  begin(): void {
    this.element.addEventListener("scroll", () => this.#scrolled());
    this.element.addEventListener("wheel", (event) => this.#wheeled(event), { passive: false });
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(() => this.#draw()).observe(this.element);
    this.#draw();
  }

  get #viewHeight(): number {
    return Math.max(ROW_HEIGHT, this.element.clientHeight - HEAD_HEIGHT);
  }

  #scrolled(): void {
    const { scrollTop } = this.element;
    if (Math.abs(scrollTop - this.#placed) >= 1) {
      this.#placed = scrollTop;
      this.#top = this.#scale.rowAt(scrollTop, this.#viewHeight);
    }
    this.#draw();
  }

  /** Where a pixel of the scroll bar is many rows, the wheel still goes row by row. */
  #wheeled(event: WheelEvent): void {
    if (this.#scale.isExact || event.deltaY === 0 || event.ctrlKey) {
      return;
    }
    event.preventDefault();
    this.#goTo(this.#top + event.deltaY / ROW_HEIGHT);
  }

  #onKey(event: KeyboardEvent): void {
    const page = Math.floor(this.#viewHeight / ROW_HEIGHT);
    const to: Record<string, number> = {
      ArrowDown: this.#top + 1,
      ArrowUp: this.#top - 1,
      PageDown: this.#top + page,
      PageUp: this.#top - page,
      Home: 0,
      End: this.#total,
    };
    const row = to[event.key];
    if (row !== undefined && event.target === this.element) {
      event.preventDefault();
      this.#goTo(row);
    }
  }

  #goTo(row: number): void {
    this.#top = this.#scale.clamp(row, this.#viewHeight);
    this.element.scrollTop = this.#scale.scrollTopOf(this.#top, this.#viewHeight);
    this.#placed = this.element.scrollTop;
    this.#draw();
  }

  #draw(): void {
    this.#fill();
    void this.#bring();
  }

  get #last(): number {
    const inSight = Math.ceil(this.#viewHeight / ROW_HEIGHT);
    return Math.min(this.#total, this.#top + inSight) - 1;
  }

  /** One question at a time, then for what is in sight by then: whoever drags the bar passes thousands of pages. */
  async #bring(): Promise<void> {
    if (this.#bringing) {
      return;
    }
    this.#bringing = true;
    try {
      while (!this.#pages.has(this.#top, this.#last)) {
        await this.#pages.need(this.#top, this.#last);
        this.#fill();
      }
    } catch (failure) {
      this.#say(failure instanceof Error ? failure.message : String(failure));
    } finally {
      this.#bringing = false;
    }
  }

  #fill(): void {
    const rows: HTMLElement[] = [];
    for (let number = this.#top; number <= this.#last; number += 1) {
      rows.push(this.#columns.row(number, this.#pages.at(number)));
    }
    this.#body.replaceChildren(...rows);
    this.#columns.keepWidths();
    const { length } = rows;
    this.#say(
      length === 0
        ? "No rows"
        : `Rows ${n(this.#top + 1)} to ${n(this.#top + length)} of ${n(this.#total)}`,
    );
  }
}

function n(count: number): string {
  return count.toLocaleString("en");
}
