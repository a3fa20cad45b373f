// Where a value is shown: the right way for its form, and no other than the one asked for last.

import { isChart, isPicture, TABLE, TREE } from "../src/results/formats";
import type { Exhibit, Showing } from "../src/results/messages";
import { showChart } from "./chart";
import { element } from "./element";
import { NoAnswer, type Source } from "./host";
import { showHtml } from "./html/html";
import { showMarkdown } from "./html/markdown";
import { showLatex } from "./latex";
import { showPicture } from "./picture";
import { showTable } from "./table/table";
import { showText } from "./text";
import { showJson } from "./tree/json";
import { showTree } from "./tree/values";

/** Makes what shows a value in one form. */
export type Show = (source: Source, format: string) => Promise<HTMLElement>;

const WAYS: readonly (readonly [matches: (format: string) => boolean, show: Show])[] = [
  [isPicture, showPicture],
  [isChart, showChart],
  [is(TABLE), showTable],
  [is(TREE), showTree],
  [is("text/html"), showHtml],
  [is("text/markdown"), showMarkdown],
  [is("text/latex"), showLatex],
  [is("application/json"), showJson],
];

/** Longer than an idle process takes to answer: then it is busy, and what was shown is not what was asked for. */
const PATIENCE_MS = 500;
const WAITING = "Waiting for the process: it answers once what runs in it is done.";

function is(only: string): (format: string) => boolean {
  return (format) => format === only;
}

export class Stage {
  readonly element = element("main");
  #shown: { readonly id: number; readonly format: string } | undefined;

  show({ exhibit, empty }: Showing, sourceOf: (exhibit: Exhibit) => Source): void {
    if (exhibit === null) {
      this.#shown = undefined;
      this.#put(note(empty));
    } else if (exhibit.id !== this.#shown?.id || exhibit.format !== this.#shown.format) {
      this.#shown = exhibit;
      void this.#bring(exhibit, sourceOf(exhibit));
    }
  }

  /** What was shown stays until the new is there: a panel that flickers is hard to read. */
  async #bring(exhibit: Exhibit, source: Source): Promise<void> {
    const waiting = setTimeout(() => this.#put(note(WAITING)), PATIENCE_MS);
    const [, show] = WAYS.find(([matches]) => matches(exhibit.format)) ?? [undefined, showText];
    const shown = await show(source, exhibit.format).catch(reason);
    clearTimeout(waiting);
    if (this.#shown === exhibit) {
      this.#put(shown);
    }
  }

  #put(shown: HTMLElement): void {
    this.element.replaceChildren(shown);
  }
}

function reason(failure: unknown): HTMLElement {
  if (failure instanceof NoAnswer) {
    return note(failure.message);
  }
  return note(`This cannot be shown: ${String(failure)}. Choose another form, or Open Result.`);
}

function note(text: string): HTMLElement {
  return element("p", { class: "note" }, text);
}
