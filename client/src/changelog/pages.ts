// The entries of the change log of one folder, newest first, as many as were asked for so far. No vscode.

import type { HistoryEntry, HistoryParams } from "../protocol.gen";

export type AskHistory = (params: HistoryParams) => Promise<readonly HistoryEntry[]>;

const PAGE = 100;
/** Beyond it, what was loaded page by page is not all asked for again when something is new. */
const MAX_RENEWED = 1000;

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

  /** Asks anew: entries have outcomes by now, and there are newer ones. */
  async renew(): Promise<void> {
    const limit = Math.min(MAX_RENEWED, Math.max(PAGE, this.#items.length));
    this.#items = await this.#ask({ ...this.#of(), limit });
    this.#more = this.#items.length >= limit;
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
