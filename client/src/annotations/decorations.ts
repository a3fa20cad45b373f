// Draws the store in the visible editors: a fixed small set of decoration types, one pass a turn.

import {
  type DecorationOptions,
  DecorationRangeBehavior,
  type DecorationRenderOptions,
  Disposable,
  OverviewRulerLane,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  window,
  workspace,
} from "vscode";
import { keyOf, linesOfDocument } from "../documents";
import { type DrawingOptions, draw, type LineEnd, type Style } from "./drawing";
import { Drawn } from "./drawn";
import { Pace } from "./pace";
import type { Region } from "./regions";
import type { AnnotationStore } from "./store";
import type { Typing } from "./typing";

const COLORS: Record<Style, string> = {
  value: "relive.valueForeground",
  error: "relive.errorForeground",
  stale: "relive.staleForeground",
  pending: "relive.pendingForeground",
  output: "relive.outputForeground",
  receipt: "relive.receiptForeground",
  warning: "editorWarning.foreground",
};
const STYLES: readonly Style[] = [
  "value",
  "error",
  "stale",
  "pending",
  "output",
  "receipt",
  "warning",
];
const FLASH_MS = 200;

export class Decorations implements Disposable {
  readonly #store: AnnotationStore;
  readonly #typing: Typing;
  readonly #types: Readonly<Record<Style, TextEditorDecorationType>>;
  readonly #frame = window.createTextEditorDecorationType(frameOptions());
  readonly #framePart = window.createTextEditorDecorationType({
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
    backgroundColor: new ThemeColor("relive.framePartBackground"),
    borderColor: new ThemeColor("relive.framePartBorder"),
    borderStyle: "dotted",
    borderWidth: "1px",
  });
  readonly #flash = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor("relive.flashBackground"),
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
  });
  readonly #subscriptions: Disposable;
  readonly #drawn = new Drawn();
  readonly #pace = new Pace();
  /** Documents that have changed since the last pass; null when no pass is due. */
  #due: Set<string> | null = null;
  #later: NodeJS.Timeout | undefined;

  constructor(store: AnnotationStore, typing: Typing) {
    this.#store = store;
    this.#typing = typing;
    this.#types = createTypes();
    this.#subscriptions = Disposable.from(
      ...Object.values(this.#types),
      this.#frame,
      this.#framePart,
      this.#flash,
      store.onDidChange((key) => this.#request(key)),
      typing.onDidChange((key) => this.#request(key)),
      window.onDidChangeVisibleTextEditors(() => this.#requestVisible()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("relive.results")) {
          this.#requestVisible();
        }
      }),
    );
  }

  /** Lights up code for a moment, in every editor that shows it. */
  flash(key: string, { start, end }: Region): void {
    if (!workspace.getConfiguration("relive").get<boolean>("results.flash", true)) {
      return;
    }
    const range = new Range(start.line, start.character, end.line, end.character);
    for (const editor of editorsOf(key)) {
      editor.setDecorations(this.#flash, [range]);
      setTimeout(() => editor.setDecorations(this.#flash, []), FLASH_MS);
    }
  }

  dispose(): void {
    clearTimeout(this.#later);
    this.#subscriptions.dispose();
  }

  #requestVisible(): void {
    for (const editor of window.visibleTextEditors) {
      this.#request(keyOf(editor.document));
    }
  }

  #request(key: string): void {
    if (this.#due === null) {
      this.#due = new Set();
      this.#soon();
    }
    this.#due.add(key);
  }

  #soon(): void {
    const waitMs = this.#pace.waitMs(performance.now());
    if (waitMs > 0) {
      this.#later = setTimeout(() => this.#pass(), waitMs);
    } else {
      setImmediate(() => this.#pass());
    }
  }

  #pass(): void {
    const due = this.#due ?? new Set();
    this.#due = null;
    for (const key of due) {
      for (const editor of editorsOf(key)) {
        this.#draw(editor, key);
      }
    }
  }

  #draw(editor: TextEditor, key: string): void {
    const lines = linesOfDocument(editor.document);
    const within = this.#store.all(key).filter(({ region }) => region.end.line < lines.count);
    const { lineEnds, frames } = draw(within, lines, this.#options(key));
    this.#pace.drew(lineEnds.length, performance.now());
    for (const style of STYLES) {
      const ends = lineEnds.filter((end) => end.style === style);
      this.#set(
        editor,
        this.#types[style],
        ends.map((end) => atLineEnd(end, lines.at(end.line).length)),
      );
    }
    this.#set(
      editor,
      this.#frame,
      frames.map(({ line }) => ({ range: new Range(line, 0, line, lines.at(line).length) })),
    );
    this.#set(
      editor,
      this.#framePart,
      frames.flatMap(({ line, part }) =>
        part ? [{ range: new Range(line, part[0], line, part[1]) }] : [],
      ),
    );
  }

  #set(editor: TextEditor, type: TextEditorDecorationType, options: DecorationOptions[]): void {
    if (this.#drawn.isNews(editor, type, options, editor.document.version)) {
      editor.setDecorations(type, options);
    }
  }

  #options(key: string): DrawingOptions {
    const settings = workspace.getConfiguration("relive.results");
    return {
      inline: settings.get<DrawingOptions["inline"]>("inline", "on"),
      maxLength: settings.get<number>("maxLength", 100),
      typing: this.#typing.at(key),
    };
  }
}

function editorsOf(key: string): TextEditor[] {
  return window.visibleTextEditors.filter(({ document }) => keyOf(document) === key);
}

function atLineEnd({ line, text }: LineEnd, column: number) {
  return {
    range: new Range(line, column, line, column),
    renderOptions: { after: { contentText: text } },
  };
}

function createTypes(): Record<Style, TextEditorDecorationType> {
  const create = (style: Style): TextEditorDecorationType =>
    window.createTextEditorDecorationType({
      rangeBehavior: DecorationRangeBehavior.ClosedClosed,
      after: {
        color: new ThemeColor(COLORS[style]),
        fontStyle: style === "stale" ? "italic" : "normal",
      },
    });
  return {
    value: create("value"),
    error: create("error"),
    stale: create("stale"),
    pending: create("pending"),
    output: create("output"),
    receipt: create("receipt"),
    warning: create("warning"),
  };
}

function frameOptions(): DecorationRenderOptions {
  return {
    isWholeLine: true,
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
    backgroundColor: new ThemeColor("relive.frameLineBackground"),
    borderColor: new ThemeColor("relive.frameLineBorder"),
    borderStyle: "solid",
    borderWidth: "0 0 0 2px",
    overviewRulerColor: new ThemeColor("relive.frameLineBorder"),
    overviewRulerLane: OverviewRulerLane.Left,
  };
}
