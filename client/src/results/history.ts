// The values that were there to be shown, newest last, and which of them is shown. No vscode.

/** Older ones are let go beyond this. */
const MAX_ENTRIES = 100;

export class History<Entry extends { readonly id: number }> {
  readonly #entries: Entry[] = [];
  #shown: Entry | undefined;

  /** Whether what is shown stays when something newer comes. */
  pinned = false;

  /** What is shown now. */
  get shown(): Entry | undefined {
    return this.#shown;
  }

  /** From 1; 0 when nothing is shown. */
  get position(): number {
    return this.#shown === undefined ? 0 : this.#entries.indexOf(this.#shown) + 1;
  }

  get count(): number {
    return this.#entries.length;
  }

  get(id: number): Entry | undefined {
    return this.#entries.find((entry) => entry.id === id);
  }

  /** Oldest first. */
  all(): readonly Entry[] {
    return this.#entries;
  }

  /** The newest that is so. */
  find(matches: (entry: Entry) => boolean): Entry | undefined {
    return this.#entries.findLast(matches);
  }

  /** The newest is shown, unless another is pinned. */
  add(entry: Entry): void {
    this.#entries.push(entry);
    if (!this.pinned || this.#shown === undefined) {
      this.#shown = entry;
    }
    this.#forget();
  }

  /** Shows one that is asked for, pinned or not. */
  show(entry: Entry): void {
    if (!this.#entries.includes(entry)) {
      this.#entries.push(entry);
    }
    this.#shown = entry;
    this.#forget();
  }

  /** One older (-1) or newer (1); whether there was one. */
  step(by: -1 | 1): boolean {
    const entry = this.#entries[this.position - 1 + by];
    if (this.#shown === undefined || entry === undefined) {
      return false;
    }
    this.#shown = entry;
    return true;
  }

  /** The oldest goes, but not what is shown. */
  #forget(): void {
    while (this.#entries.length > MAX_ENTRIES) {
      this.#entries.splice(this.#entries[0] === this.#shown ? 1 : 0, 1);
    }
  }
}
