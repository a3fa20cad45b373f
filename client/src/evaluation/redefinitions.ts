// The notes at a definition's line that say what a redefinition did.

import { definitionLine, endLine, headerLine } from "../annotations/definitionLine";
import { type Lines, slice } from "../annotations/evaluated";
import { wholeLines } from "../annotations/lifecycle";
import { receiptOf } from "../annotations/news";
import { receipt, type Told } from "../annotations/receipt";
import type { Region } from "../annotations/regions";
import type { AnnotationStore, Tracked } from "../annotations/store";
import type { DefinitionChange, ErrorInfo, LeftOut, Range, Redefinition } from "../protocol.gen";
import type { Host, OpenDocument } from "./host";

/** Long enough to read; after it the line is free again. */
const GOOD_NEWS_MS = 4000;

/** A redefinition under way. */
export interface Redefining {
  /** Takes the receipt, `undefined` when the request failed; says whether it could be shown in the text. */
  finish(redefinition: Redefinition | undefined): boolean;
}

export class Redefinitions {
  readonly #store: AnnotationStore;
  readonly #host: Host;

  constructor(store: AnnotationStore, host: Host) {
    this.#store = store;
    this.#host = host;
  }

  /** To be called with the range of the definition as it stands when the request is sent. */
  begin(uri: string, range: Range | undefined, generation: number): Redefining {
    const key = this.#host.document(uri)?.key;
    const place =
      key === undefined || range === undefined ? undefined : this.#store.track(key, range);
    return {
      finish: (redefinition) => {
        place?.release();
        return (
          redefinition !== undefined &&
          place !== undefined &&
          this.#note(uri, place, redefinition, generation)
        );
      },
    };
  }

  /**
   * Shows a receipt over whole files at each definition it is about; says whether all of it can be
   * seen in the text. `uris` are the files that were redefined.
   */
  tell(uris: readonly string[], redefinition: Told, generation: number): boolean {
    const { definitions, error, leftOut = [] } = redefinition;
    const changes = definitions.filter(isNews);
    const failures = error === null || leftOut.length > 0 ? leftOut : [at(uris, error)];
    const seen = [
      ...changes.map((change) => this.#noteChange(change, redefinition, generation)),
      ...failures.map((failure) => this.#noteFailure(failure, generation)),
    ];
    return seen.length > 0 && !seen.includes(false);
  }

  #noteChange(change: DefinitionChange, of: Told, generation: number): boolean {
    const document = change.uri === undefined ? undefined : this.#host.document(change.uri);
    const line = document && lineOf(document.lines, change);
    if (document === undefined || line === undefined) {
      return false;
    }
    const where = { first: line, last: endLine(document.lines, line) };
    return this.#put(document, where, receiptOf(change, of), generation);
  }

  #noteFailure({ uri, error }: LeftOut, generation: number): boolean {
    const document = this.#host.document(uri);
    if (document === undefined || error.range === null) {
      return false;
    }
    const where = wherein(document.lines, error.range, error.range);
    return this.#put(document, where, { status: "error", definitions: [], error }, generation);
  }

  #note(uri: string, { region }: Tracked, redefinition: Redefinition, generation: number): boolean {
    const document = this.#host.document(uri);
    if (document === undefined) {
      return false;
    }
    const where = wherein(document.lines, redefinition.error?.range ?? null, region);
    return this.#put(document, where, redefinition, generation);
  }

  #put(
    { key, lines }: OpenDocument,
    { first, last }: Where,
    redefinition: Redefinition,
    generation: number,
  ): boolean {
    const texts = slice(lines, first, last);
    const note = this.#store.put(key, {
      generation,
      nature: "note",
      edge: "first",
      content: { kind: "receipt", redefinition, finishedAt: Date.now() },
      region: wholeLines(first, last, lines),
      evaluated: { lines: texts, codeEnd: texts.at(-1)?.length ?? 0 },
    });
    if (receipt(redefinition).tone === "good") {
      this.#tidy(key, first, last);
      setTimeout(() => note && this.#store.remove(key, note), GOOD_NEWS_MS).unref();
    }
    return note !== undefined && this.#host.isVisible(key);
  }

  /** The process has this code now: that the definition, or what holds it, was run before is no news any more. */
  #tidy(key: string, first: number, last: number): void {
    const old = this.#store.all(key).filter(({ content, region }) => {
      const holds = region.start.line <= first && region.end.line >= last;
      return content.kind === "done" && holds;
    });
    this.#store.remove(key, ...old);
  }
}

/** Which lines a note is about. */
interface Where {
  readonly first: number;
  readonly last: number;
}

/** That a statement waits to be run is no news about a definition; its results are stale anyway. */
function isNews({ outcome, kind }: DefinitionChange): boolean {
  return outcome !== "unchanged" && kind !== "statement";
}

/** Where it failed: in the first of the files, or else where its stack ends. */
function at(uris: readonly string[], error: ErrorInfo): LeftOut {
  const last = error.frames.at(-1);
  if (error.range !== null || last === undefined) {
    return { uri: uris[0] ?? "", error };
  }
  const place = { line: last.line, character: 0 };
  return { uri: last.uri ?? "", error: { ...error, range: { start: place, end: place } } };
}

/** Where a definition stands: the place that was sent, if the text still says so, else by its name. */
function lineOf(lines: Lines, { name, range }: DefinitionChange): number | undefined {
  const sent = range?.start.line;
  const own = name.slice(name.lastIndexOf(".") + 1);
  const isThere = sent !== undefined && sent < lines.count && lines.at(sent).includes(own);
  return isThere ? sent : definitionLine(lines, name);
}

/** The lines a note is about: where an error is, or else the definition without its decorators. */
function wherein(lines: Lines, failed: Range | null, { start, end }: Region): Where {
  const last = Math.min((failed ?? { end }).end.line, lines.count - 1);
  const first = Math.min((failed ?? { start }).start.line, last);
  return { first: failed === null ? headerLine(lines, first, last) : first, last };
}
