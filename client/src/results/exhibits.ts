// What there is to be shown in the results panel: each value as it comes, with the pictures made of it then. No vscode.

import type { Display, DisplayParams, Range, ResultParams, Value } from "../protocol.gen";
import { type Format, formatsOf, TABLE, TEXT, TREE } from "./formats";
import { History } from "./history";

/** A value that was there, or pictures that code has shown. */
export interface Entry {
  readonly id: number;
  /** Any document of its session; null: that of the session used last. */
  readonly uri: string | null;
  /** That of the evaluation it came from. */
  readonly token: string | null;
  /** Where its code began, 0-based, and the first line of that. */
  readonly line: number | null;
  readonly code: string;
  readonly value: Value | null;
  readonly displays: readonly Display[];
  /** All the forms it offers by itself, once they were asked for. */
  readonly mimes: readonly string[] | null;
  /** The form that was chosen for it; null: the best. */
  readonly chosen: Format | null;
  readonly expired: boolean;
}

type Kept = { -readonly [Key in keyof Entry]: Entry[Key] };

/** The text of a line of a document, if it is open. */
export type ReadLine = (uri: string, line: number) => string | undefined;

/** Of pictures together, in characters as they are sent; the oldest are let go beyond it. */
const MAX_PICTURES = 64_000_000;

/** In the place of what a value offers that only its own code can tell. */
export const MORE = "*";

export class Exhibits {
  readonly #history = new History<Kept>();
  readonly #readLine: ReadLine;
  readonly #listeners = new Set<() => void>();
  #lastId = 0;

  constructor(readLine: ReadLine) {
    this.#readLine = readLine;
  }

  onDidChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  get shown(): Entry | undefined {
    return this.#history.shown;
  }

  get position(): number {
    return this.#history.position;
  }

  get count(): number {
    return this.#history.count;
  }

  get pinned(): boolean {
    return this.#history.pinned;
  }

  get(id: number): Entry | undefined {
    return this.#history.get(id);
  }

  /** A value that was asked for is shown; `None` is not: code that only does something has it. */
  result({ uri, token, result }: ResultParams): void {
    const { value, origin, range } = result;
    if (origin === "requested" && value !== null && value.type !== "NoneType") {
      this.#add(this.#entry({ uri, token: token ?? null, range, value, displays: [] }));
    }
  }

  /** Pictures of a value come after it; those that code has shown stand for themselves. */
  display({ uri, token, range, ref, displays }: DisplayParams): void {
    const from = token ?? null;
    const of = ref === null ? undefined : this.#find(ref, from);
    if (of === undefined) {
      this.#add(this.#entry({ uri, token: from, range, value: null, displays }));
    } else {
      of.displays = displays;
      this.#forget();
      this.#changed();
    }
  }

  /** Shows what a result's hover is about; one that was forgotten comes back without what was drawn of it. */
  open(uri: string, token: string, value: Value | null, line: number): void {
    const known =
      value === null
        ? this.#history.find((entry) => entry.token === token && entry.value === null)
        : this.#find(value.ref, token);
    const range = { start: { line, character: 0 }, end: { line, character: 0 } };
    this.#history.show(known ?? this.#entry({ uri, token, range, value, displays: [] }));
    this.#changed();
  }

  step(by: -1 | 1): void {
    if (this.#history.step(by)) {
      this.#changed();
    }
  }

  pin(pinned: boolean): void {
    this.#history.pinned = pinned;
    this.#changed();
  }

  choose(id: number, format: Format): void {
    this.#change(id, (entry) => {
      entry.chosen = formats(entry).includes(format) ? format : entry.chosen;
    });
  }

  /** Takes all the forms a value has said that it offers. */
  learn(id: number, mimes: readonly string[]): void {
    this.#change(id, (entry) => {
      entry.mimes = mimes;
    });
  }

  /** What came from these documents is from a process that is gone. */
  expire(concerned: (uri: string) => boolean = () => true): void {
    for (const entry of this.#history.all()) {
      entry.expired ||= entry.uri === null || concerned(entry.uri);
    }
    this.#changed();
  }

  #find(ref: string, token: string | null): Kept | undefined {
    return this.#history.find((entry) => entry.value?.ref === ref && entry.token === token);
  }

  #entry(
    about: Pick<Entry, "uri" | "token" | "value" | "displays"> & { range: Range | null },
  ): Kept {
    const { range, ...rest } = about;
    const line = range?.start.line ?? null;
    const text = rest.uri === null || line === null ? "" : this.#readLine(rest.uri, line);
    this.#lastId += 1;
    const id = this.#lastId;
    return {
      ...rest,
      id,
      line,
      code: text?.trim() ?? "",
      mimes: null,
      chosen: null,
      expired: false,
    };
  }

  #add(entry: Kept): void {
    this.#history.add(entry);
    this.#forget();
    this.#changed();
  }

  #change(id: number, change: (entry: Kept) => void): void {
    const entry = this.#history.get(id);
    if (entry !== undefined) {
      change(entry);
      this.#changed();
    }
  }

  #forget(): void {
    const entries = this.#history.all();
    let size = entries.reduce((sum, { displays }) => sum + sizeOf(displays), 0);
    for (const entry of entries) {
      if (size <= MAX_PICTURES) {
        break;
      }
      size -= sizeOf(entry.displays);
      entry.displays = [];
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

function sizeOf(displays: readonly Display[]): number {
  return displays.reduce((sum, { data }) => sum + data.length, 0);
}

/** What an entry can be shown as, best first: how it was drawn then, before how it is by now. */
export function formats({ value, displays, mimes }: Entry): Format[] {
  const drawn = formatsOf(displays.map(({ mime }) => mime));
  return value === null ? drawn : [...new Set([...drawn, ...formatsNow(value, mimes)])];
}

function formatsNow(value: Value, mimes: readonly string[] | null): Format[] {
  return formatsOf([
    ...(mimes ?? value.mimes),
    ...(value.hasTable ? [TABLE] : []),
    ...(value.hasChildren ? [TREE] : []),
    TEXT,
  ]);
}

export function formatOf(entry: Entry): Format {
  return entry.chosen ?? formats(entry)[0] ?? TEXT;
}

/** Whether the value has to be asked which forms it offers. */
export function hidesMimes({ value, mimes, expired }: Entry): boolean {
  return mimes === null && !expired && (value?.mimes.includes(MORE) ?? false);
}
