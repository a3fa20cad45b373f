// Owns every annotation of every document: what is shown where, and what edits do to it. No vscode.

import { REWOUND, type Rewind } from "../protocol.gen";
import type { Content } from "./content";
import type { Evaluated, Lines } from "./evaluated";
import {
  type Annotation,
  type Change,
  displayLine,
  isStale,
  type Kept,
  move,
  type Nature,
  settle,
  wholeDocument,
} from "./lifecycle";
import { type Edit, moveRegion, type Region } from "./regions";
import { Sheet } from "./sheet";

export interface Mark {
  readonly generation: number;
  readonly nature: Nature;
  readonly edge: "first" | "last";
  readonly content: Content;
  readonly region: Region;
  /** Undefined: the text was edited while it was evaluated, and nobody knows what it was. */
  readonly evaluated: Evaluated | undefined;
  /** The daemon's name for the result, by which it tells that it is no longer true. */
  readonly result?: string;
  /** Nobody asked for just this code: what stands behind it on its line goes on being shown there. */
  readonly yields?: boolean;
  /** Its text is gone already, and it is shown only when that comes back. */
  readonly hidden?: boolean;
}

/** A region kept up to date with the edits of its document until it is released. */
export interface Tracked {
  readonly region: Region;
  release(): void;
}

/** The oldest go first beyond this: a session of many hours must not slow down typing. */
const MAX_PER_DOCUMENT = 2000;

export class AnnotationStore {
  readonly #sheets = new Map<string, Sheet>();
  readonly #listeners = new Set<(uri: string) => void>();
  #lastId = 0;

  /** Whether an edit of a result's own text removes it instead of marking it stale. */
  clearsOnEdit = false;

  onDidChange(listener: (uri: string) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Adds an annotation, replacing those it covers; does nothing when it is older than one of them, or yields to it. */
  put(uri: string, mark: Mark): Annotation | undefined {
    const sheet = this.#sheet(uri);
    const { start, end } = mark.region;
    const covered = sheet.within(start.line, end.line).filter((other) => covers(mark, other));
    const yields = mark.yields === true && covered.some((other) => isBehind(other, mark));
    if (yields || covered.some((other) => other.generation > mark.generation)) {
      return undefined;
    }
    const annotation = this.#keep(mark);
    for (const other of covered) {
      sheet.delete(other);
    }
    sheet.add(annotation);
    // What runs or waits is counted apart: a long queue does not take the place of results.
    sheet.keepNewest(MAX_PER_DOCUMENT);
    this.#changed(uri);
    return annotation;
  }

  /** Has an annotation say something else, and be the same one. */
  say(uri: string, id: number, content: Content): void {
    const sheet = this.#sheets.get(uri);
    const before = sheet?.get(id);
    if (sheet !== undefined && before !== undefined) {
      sheet.replace(before, { ...before, content });
      this.#changed(uri);
    }
  }

  #keep(mark: Mark): Kept {
    this.#lastId += 1;
    const state = mark.nature === "result" && mark.evaluated === undefined ? "stale" : "current";
    const { hidden = false, result } = mark;
    const fresh = { state, expired: false, doubt: null, depth: 0 } as const;
    return { ...mark, id: this.#lastId, result, hidden, ...fresh };
  }

  /** Follows a region through edits without showing anything. */
  track(uri: string, region: Region): Tracked {
    const { tracked } = this.#sheet(uri);
    const entry = { region };
    tracked.add(entry);
    return {
      get region() {
        return entry.region;
      },
      release: () => tracked.delete(entry),
    };
  }

  /**
   * Takes the edits of one change, in the order they apply; `text` is the document after all of
   * them. Undoing brings results back wherever their text comes back.
   */
  edit(uri: string, edits: readonly Edit[], text: Lines, undoing = false): void {
    const sheet = this.#sheets.get(uri);
    if (sheet === undefined || edits.length === 0) {
      return;
    }
    const change = { touched: new Set<Kept>(), written: [] as Region[], undoing };
    for (const edit of edits) {
      move(sheet, edit, change);
      for (const tracked of sheet.tracked) {
        tracked.region = moveRegion(tracked.region, edit);
      }
    }
    sheet.deleteThose((kept) => !this.#survives(kept, change, text));
    sheet.moved();
    this.#changed(uri);
  }

  #survives(kept: Kept, change: Change, text: Lines): boolean {
    if (kept.nature === "pending") {
      return true;
    }
    const wasCurrent = kept.state === "current" && !kept.hidden;
    if (change.touched.has(kept) || !wasCurrent) {
      settle(kept, change, text);
    }
    const spoilt = change.touched.has(kept) && kept.state === "stale" && !kept.expired;
    return !(spoilt && (kept.nature === "note" || this.clearsOnEdit));
  }

  /** Finds everything again in a document that was closed, and may have changed, in the meantime. */
  reconcile(uri: string, text: Lines): void {
    const sheet = this.#sheets.get(uri);
    if (sheet === undefined) {
      return;
    }
    sheet.deleteThose(({ nature }) => nature === "note");
    const change = { touched: new Set(sheet), written: [wholeDocument(text)], undoing: true };
    for (const kept of sheet) {
      if (kept.nature === "result") {
        settle(kept, change, text);
      }
    }
    sheet.moved();
    this.#changed(uri);
  }

  /** What is shown in these documents is from a process that is gone. That it went stays said. */
  expire(concerned: (uri: string) => boolean = () => true): void {
    for (const [uri, sheet] of this.#sheets) {
      if (!concerned(uri)) {
        continue;
      }
      for (const annotation of sheet) {
        if (annotation.nature === "result" && annotation.content.kind !== "stopped") {
          annotation.state = "stale";
          annotation.expired = true;
          annotation.doubt = null;
        }
      }
      this.#changed(uri);
    }
  }

  /** Notes which results of a document are no longer true, by their names, and why; null: they are again. */
  doubt(uri: string, reasons: ReadonlyMap<string, string | null>): void {
    const about = [...(this.#sheets.get(uri) ?? [])].filter(
      ({ result }) => result !== undefined && reasons.has(result),
    );
    for (const annotation of about) {
      annotation.doubt = reasons.get(annotation.result ?? "") ?? null;
    }
    if (about.length > 0) {
      this.#changed(uri);
    }
  }

  /** Says at the code of an evaluation, known by any of its numbers, that the state is as before it; whether it is there. */
  noteRewind(evaluations: readonly number[], rewind: Rewind, generation: number): boolean {
    for (const [uri, sheet] of this.#sheets) {
      const results = [...sheet].filter(
        ({ result, hidden }) => !hidden && evaluations.includes(Number.parseInt(result ?? "", 10)),
      );
      // Of one that was held and went on only what it gave from there on is undone.
      const found = results.find(({ doubt }) => doubt?.startsWith(REWOUND)) ?? results[0];
      if (found !== undefined) {
        const { region, edge, evaluated } = found;
        const content = { kind: "rewound", rewind } as const;
        return (
          this.put(uri, { generation, nature: "note", edge, content, region, evaluated }) !==
          undefined
        );
      }
    }
    return false;
  }

  /** Whether there is such an annotation in any document. */
  some(is: (annotation: Annotation) => boolean): boolean {
    return [...this.#sheets.keys()].some((uri) => this.all(uri).some(is));
  }

  /** How many results say what is no longer so, of a process that runs. */
  get staleCount(): number {
    const all = [...this.#sheets.keys()].flatMap((uri) => this.all(uri));
    return all.filter((each) => each.nature === "result" && isStale(each) && !each.expired).length;
  }

  remove(uri: string, ...annotations: readonly Annotation[]): void {
    const sheet = this.#sheets.get(uri);
    const there = annotations.flatMap(({ id }) => sheet?.get(id) ?? []);
    for (const kept of there) {
      sheet?.delete(kept);
    }
    if (there.length > 0) {
      this.#changed(uri);
    }
  }

  /** Removes the marks of the lines that the error of an evaluation went through. */
  removeFrames(of: number): void {
    for (const uri of this.#sheets.keys()) {
      this.#drop(uri, ({ content, generation }) => content.kind === "frame" && generation === of);
    }
  }

  clear(): void {
    for (const uri of this.#sheets.keys()) {
      this.#drop(uri, ({ nature }) => nature !== "pending");
    }
  }

  forget(uri: string): void {
    if (this.#sheets.delete(uri)) {
      this.#changed(uri);
    }
  }

  rename(from: string, to: string): void {
    const sheet = this.#sheets.get(from);
    if (sheet !== undefined) {
      this.#sheets.delete(from);
      this.#sheets.set(to, sheet);
      this.#changed(from);
      this.#changed(to);
    }
  }

  get(uri: string, id: number): Annotation | undefined {
    const kept = this.#sheets.get(uri)?.get(id);
    return kept?.hidden === false ? kept : undefined;
  }

  /** Every annotation whose text is there, oldest first. */
  all(uri: string): readonly Annotation[] {
    return [...(this.#sheets.get(uri) ?? [])].filter(({ hidden }) => !hidden);
  }

  /** Those whose text, or whose place, is on `line`, newest first. */
  at(uri: string, line: number): readonly Annotation[] {
    const there = this.#sheets.get(uri)?.within(line, line) ?? [];
    return there.filter(({ hidden }) => !hidden).reverse();
  }

  #drop(uri: string, goes: (kept: Kept) => boolean): void {
    if (this.#sheets.get(uri)?.deleteThose(goes)) {
      this.#changed(uri);
    }
  }

  #sheet(uri: string): Sheet {
    let sheet = this.#sheets.get(uri);
    if (sheet === undefined) {
      sheet = new Sheet();
      this.#sheets.set(uri, sheet);
    }
    return sheet;
  }

  #changed(uri: string): void {
    for (const listener of this.#listeners) {
      listener(uri);
    }
  }
}

/** Whether an annotation is of code further on in the line that both are shown at. */
function isBehind(other: Kept, mark: Mark): boolean {
  if (displayLine(other) !== displayLine(mark) || other.state === "stale") {
    return false;
  }
  const [end, ended] = [other.evaluated?.codeEnd, mark.evaluated?.codeEnd];
  return end !== undefined && ended !== undefined && end > ended;
}

/** Whether a new mark takes the place of an annotation: the same line, or code that holds its code. */
function covers(mark: Mark, other: Kept): boolean {
  if (mark.nature === "pending" || other.nature === "pending" || mark.hidden === true) {
    return false;
  }
  if (mark.content.kind === "frame" || other.content.kind === "frame") {
    return false;
  }
  if (displayLine(mark) === displayLine(other)) {
    return !other.hidden && (mark.nature === other.nature || mark.nature === "result");
  }
  const within =
    other.region.start.line >= mark.region.start.line &&
    other.region.end.line <= mark.region.end.line;
  return mark.nature === "result" && within && !other.hidden;
}
