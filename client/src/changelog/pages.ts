// The entries of the change log of one folder, newest first, as many as were asked for so far. No vscode.

import type { HistoryEntry, HistoryParams } from "../protocol.gen";

export type AskHistory = (params: HistoryParams) => Promise<readonly HistoryEntry[]>;

const PAGE = 100;

export class Pages {
  readonly #ask: AskHistory;
  readonly #folder: string;
  #items: readonly HistoryEntry[] = [];
  #more = false;

  constructor(folder: string, ask: AskHistory) {
    this.#folder = folder;
    this.#ask = ask;
  }

  get items(): readonly HistoryEntry[] {
    return this.#items;
  }

  /** Whether there may be older ones. */
  get more(): boolean {
    return this.#more;
  }

  /** Asks for the newest anew: they have outcomes by now, and there are more. What is older stays. */
  async renew(): Promise<void> {
    const newest = await this.#ask({ ...this.#of(), limit: PAGE });
    const last = newest.at(-1)?.id;
    const at = this.#items.findIndex(({ id }) => id === last);
    const older = at < 0 ? [] : this.#items.slice(at + 1);
    this.#more = older.length > 0 ? this.#more : newest.length >= PAGE;
    this.#items = [...newest, ...older];
  }

  async loadMore(): Promise<void> {
    const last = this.#items.at(-1);
    if (last === undefined) {
      return this.renew();
    }
    const older = await this.#ask({ ...this.#of(), limit: PAGE, before: last.id });
    this.#items = [...this.#items, ...older];
    this.#more = older.length >= PAGE;
  }

  #of(): HistoryParams {
    return this.#folder === "" ? {} : { uri: this.#folder };
  }
}
