// A document as a plain string, which gives each change as an editor reports it.
import { type Lines, linesOf } from "../../src/annotations/evaluated";
import { type Edit, type Place, splitLines } from "../../src/annotations/regions";

/** One replacement, by offsets. */
export interface Splice {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

export class TextModel {
  text: string;

  constructor(text: string) {
    this.text = text;
  }

  get lines(): Lines {
    return linesOf(splitLines(this.text));
  }

  place(offset: number): Place {
    const before = splitLines(this.text.slice(0, offset));
    return { line: before.length - 1, character: (before.at(-1) ?? "").length };
  }

  /** Applies a replacement; gives the edit, and what undoes it. */
  apply({ offset, length, text }: Splice): { edit: Edit; undo: Splice } {
    const range = { start: this.place(offset), end: this.place(offset + length) };
    const undo = { offset, length: text.length, text: this.text.slice(offset, offset + length) };
    this.text = this.text.slice(0, offset) + text + this.text.slice(offset + length);
    return { edit: { range, text }, undo };
  }

  /** The replacement of `found`, the first occurrence, by `text`. */
  replacing(found: string, text: string): Splice {
    return { offset: this.text.indexOf(found), length: found.length, text };
  }
}
