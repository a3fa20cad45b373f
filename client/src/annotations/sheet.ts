// The annotations of one document, oldest first, found by their names and by their lines. No vscode.

import type { Kept } from "./lifecycle";
import type { Region } from "./regions";

export class Sheet {
  /** Regions that are followed through edits without showing anything. */
  readonly tracked = new Set<{ region: Region }>();
  readonly #kept = new Map<number, Kept>();
  /** By each line of their regions; undefined until somebody asks, and once an edit may have moved them. */
  #byLine: Map<number, Set<Kept>> | undefined;
  #lasting = 0;

  get size(): number {
    return this.#kept.size;
  }

  /** How many there are but for what runs or waits. */
  get lasting(): number {
    return this.#lasting;
  }

  [Symbol.iterator](): IterableIterator<Kept> {
    return this.#kept.values();
  }

  get(id: number): Kept | undefined {
    return this.#kept.get(id);
  }

  /** Those with a part of their region on one of the lines, oldest first. */
  within(first: number, last: number): Kept[] {
    const byLine = this.#lines();
    const found = new Set<Kept>();
    for (let line = first; line <= last; line += 1) {
      for (const kept of byLine.get(line) ?? []) {
        found.add(kept);
      }
    }
    return [...found].sort((one, other) => one.id - other.id);
  }

  add(kept: Kept): void {
    this.#kept.set(kept.id, kept);
    this.#lasting += isLasting(kept) ? 1 : 0;
    if (this.#byLine !== undefined) {
      enter(this.#byLine, kept);
    }
  }

  /** Has one say something else: it keeps its age and its place. */
  replace(kept: Kept, by: Kept): void {
    this.#leave(kept);
    this.#kept.set(kept.id, by);
    if (this.#byLine !== undefined) {
      enter(this.#byLine, by);
    }
  }

  delete(kept: Kept): void {
    if (this.#kept.delete(kept.id)) {
      this.#lasting -= isLasting(kept) ? 1 : 0;
      this.#leave(kept);
    }
  }

  /** Deletes those of which this is so; whether there were any. */
  deleteThose(goes: (kept: Kept) => boolean): boolean {
    const before = this.size;
    for (const kept of this) {
      if (goes(kept)) {
        this.delete(kept);
      }
    }
    return this.size < before;
  }

  /** Of those that last only so many stay: the oldest go first. */
  keepNewest(most: number): void {
    for (const kept of this) {
      if (this.#lasting <= most) {
        return;
      }
      if (isLasting(kept)) {
        this.delete(kept);
      }
    }
  }

  /** To be called once regions were changed. */
  moved(): void {
    this.#byLine = undefined;
  }

  #lines(): Map<number, Set<Kept>> {
    if (this.#byLine === undefined) {
      this.#byLine = new Map();
      for (const kept of this) {
        enter(this.#byLine, kept);
      }
    }
    return this.#byLine;
  }

  #leave(kept: Kept): void {
    for (const line of linesOf(kept.region)) {
      this.#byLine?.get(line)?.delete(kept);
    }
  }
}

function isLasting({ nature }: Kept): boolean {
  return nature !== "pending";
}

function enter(byLine: Map<number, Set<Kept>>, kept: Kept): void {
  for (const line of linesOf(kept.region)) {
    const there = byLine.get(line) ?? new Set();
    byLine.set(line, there.add(kept));
  }
}

function* linesOf({ start, end }: Region): Iterable<number> {
  for (let line = start.line; line <= end.line; line += 1) {
    yield line;
  }
}
