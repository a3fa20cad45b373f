// The rows of a table that are known, in pages. No DOM.

/** Kept pages; those that were not looked at for longest go first. */
const MAX_PAGES = 60;

export interface Row {
  readonly index: readonly string[];
  readonly cells: readonly string[];
}

export type Fetch = (start: number, count: number) => Promise<readonly Row[]>;

export class Pages {
  readonly #fetch: Fetch;
  readonly #size: number;
  readonly #known = new Map<number, readonly Row[]>();

  constructor(fetch: Fetch, size: number) {
    this.#fetch = fetch;
    this.#size = size;
  }

  put(page: number, rows: readonly Row[]): void {
    this.#known.delete(page);
    this.#known.set(page, rows);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_PAGES) {
        break;
      }
      this.#known.delete(oldest);
    }
  }

  /** A row, if it is known. */
  at(row: number): Row | undefined {
    return this.#known.get(Math.floor(row / this.#size))?.[row % this.#size];
  }

  /** Whether all of these rows are known, and so kept. */
  has(first: number, last: number): boolean {
    return this.#missing(first, last).length === 0;
  }

  /** Fetches what is missing of these rows. */
  async need(first: number, last: number): Promise<void> {
    await Promise.all(
      this.#missing(first, last).map(async (page) =>
        this.put(page, await this.#fetch(page * this.#size, this.#size)),
      ),
    );
  }

  #missing(first: number, last: number): number[] {
    const missing: number[] = [];
    for (let page = Math.floor(first / this.#size); page * this.#size <= last; page += 1) {
      const rows = this.#known.get(page);
      if (rows === undefined) {
        missing.push(page);
      } else {
        this.put(page, rows);
      }
    }
    return missing;
  }
}
