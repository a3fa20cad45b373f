// The names that are listed so far, a page at a time, and what filters them. No vscode.

import type { Gone, ListedVariable, Variables, VariablesParams } from "../protocol.gen";

export type AskVariables = (params: VariablesParams) => Promise<Variables | Gone>;
/** What names are asked of. */
export type Whole = Pick<VariablesParams, "uri" | "parent" | "hold" | "frame">;

export interface Listing {
  readonly items: readonly ListedVariable[];
  readonly total: number;
}

const PAGE = 100;
const MOST_AT_ONCE = 1000;
const NOTHING: Listing = { items: [], total: 0 };

export class Listings {
  readonly #ask: AskVariables;
  /** How many are shown of what was asked for more of. */
  readonly #counts = new Map<string, number>();
  filter = "";

  constructor(ask: AskVariables) {
    this.#ask = ask;
  }

  /** Shows one page more of a whole, which is known by an id of the view's. */
  more(id: string): void {
    this.#counts.set(id, (this.#counts.get(id) ?? PAGE) + PAGE);
  }

  async of(id: string, whole: Whole, filtered: boolean): Promise<Listing> {
    const count = this.#counts.get(id) ?? PAGE;
    const filter = filtered && this.filter !== "" ? { filter: this.filter } : {};
    const items: ListedVariable[] = [];
    let total = 0;
    for (let start = 0; start < count; start += MOST_AT_ONCE) {
      const page = { start, count: Math.min(count - start, MOST_AT_ONCE) };
      const answer = await this.#ask({ ...whole, ...filter, ...page });
      if ("gone" in answer) {
        return NOTHING;
      }
      items.push(...answer.items);
      total = answer.total;
    }
    return { items, total };
  }
}
