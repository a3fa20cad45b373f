// The notes at a definition's line that say what a redefinition did.

import { headerLine } from "../annotations/definitionLine";
import { type Lines, slice } from "../annotations/evaluated";
import { wholeLines } from "../annotations/lifecycle";
import { receipt } from "../annotations/receipt";
import type { Region } from "../annotations/regions";
import type { AnnotationStore, Tracked } from "../annotations/store";
import type { Range, Redefinition } from "../protocol.gen";
import type { Host } from "./host";

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

  #note(uri: string, { region }: Tracked, redefinition: Redefinition, generation: number): boolean {
    const document = this.#host.document(uri);
    if (document === undefined) {
      return false;
    }
    const { key, lines } = document;
    const { first, last } = wherein(lines, redefinition.error?.range ?? null, region);
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
    return note !== undefined;
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

/** The lines a note is about: where an error is, or else the definition without its decorators. */
function wherein(
  lines: Lines,
  failed: Range | null,
  { start, end }: Region,
): { first: number; last: number } {
  const last = Math.min((failed ?? { end }).end.line, lines.count - 1);
  const first = Math.min((failed ?? { start }).start.line, last);
  return { first: failed === null ? headerLine(lines, first, last) : first, last };
}
