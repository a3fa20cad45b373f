// A document with its annotations, driven as the editor drives them, and said in one line for each.
import type { Content } from "../../src/annotations/content";
import { evaluatedAt } from "../../src/annotations/evaluated";
import { type Annotation, displayLine, isStale, wholeLines } from "../../src/annotations/lifecycle";
import { AnnotationStore, type Mark } from "../../src/annotations/store";
import { type Splice, TextModel } from "./textModel";

export const KEY = "file:///sample.py";

export function value(text: string): Content {
  const run = { finishedAt: 0, durationMs: 1, lastOutput: null, alsoEvaluated: [], pictures: [] };
  const detail = null;
  return {
    kind: "value",
    run,
    value: { text, type: "int", truncated: false, mimes: [], ref: "", detail },
  };
}

export const pending: Content & { kind: "pending" } = {
  kind: "pending",
  evaluation: { id: 1, uri: KEY },
  state: "running",
  elapsedMs: 0,
  lastOutput: null,
};

export class Annotated {
  readonly store = new AnnotationStore();
  readonly model: TextModel;
  #generation = 0;

  constructor(text: string) {
    this.model = new TextModel(text);
  }

  /** Shows a result for the lines from `first` to `last`, as if they had just been evaluated. */
  result(
    first: number,
    last: number,
    text: string,
    more: Partial<Mark> = {},
  ): Annotation | undefined {
    const { lines } = this.model;
    this.#generation += 1;
    const region = wholeLines(first, last, lines);
    return this.store.put(KEY, {
      generation: this.#generation,
      nature: "result",
      edge: "last",
      content: value(text),
      region,
      evaluated: evaluatedAt(lines, first, region.end, lines),
      ...more,
    });
  }

  /** Makes one change of several replacements, each on the text as it is before it; gives what undoes it, in order. */
  change(splices: readonly Splice[], undoing = false): Splice[] {
    const descending = [...splices].sort((a, b) => b.offset - a.offset);
    const applied = descending.map((splice) => this.model.apply(splice));
    this.store.edit(
      KEY,
      applied.map(({ edit }) => edit),
      this.model.lines,
      undoing,
    );
    return applied.map(({ undo }) => undo).reverse();
  }

  replace(found: string, text: string): Splice[] {
    return this.change([this.model.replacing(found, text)]);
  }

  undo(splices: readonly Splice[]): void {
    for (const splice of splices) {
      this.change([splice], true);
    }
  }

  /** `line: text state` of all that is there. */
  get seen(): string[] {
    return this.store.all(KEY).map((annotation) => {
      const { content } = annotation;
      const text = content.kind === "value" ? content.value.text : content.kind;
      return `${displayLine(annotation)}: ${text}${isStale(annotation) ? " stale" : ""}`;
    });
  }
}
