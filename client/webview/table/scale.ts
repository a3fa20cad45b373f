// Which row is at which place of a scroll bar that is not as long as all rows would be. No DOM.

/** Browsers lay out nothing that is higher than some ten million pixels. */
const MAX_HEIGHT = 5_000_000;

export class Scale {
  readonly #total: number;
  readonly #rowHeight: number;

  constructor(total: number, rowHeight: number) {
    this.#total = total;
    this.#rowHeight = rowHeight;
  }

  /** How high what scrolls is. */
  get height(): number {
    return Math.min(this.#total * this.#rowHeight, MAX_HEIGHT);
  }

  /** Whether rows are where they would be if all were laid out. */
  get isExact(): boolean {
    return this.#total * this.#rowHeight <= MAX_HEIGHT;
  }

  /** The row at the top, for what is this high. */
  rowAt(scrollTop: number, viewHeight: number): number {
    const room = this.height - viewHeight;
    const part = room <= 0 ? 0 : Math.min(scrollTop, room) / room;
    return Math.round(part * this.#lastTop(viewHeight));
  }

  scrollTopOf(row: number, viewHeight: number): number {
    const lastTop = this.#lastTop(viewHeight);
    return lastTop <= 0 ? 0 : (this.clamp(row, viewHeight) / lastTop) * (this.height - viewHeight);
  }

  /** A row that can be at the top: below the last one nothing is shown. */
  clamp(row: number, viewHeight: number): number {
    return Math.max(0, Math.min(Math.round(row), this.#lastTop(viewHeight)));
  }

  #lastTop(viewHeight: number): number {
    return Math.max(0, this.#total - Math.floor(viewHeight / this.#rowHeight));
  }
}
