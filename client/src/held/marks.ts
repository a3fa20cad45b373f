// The lines of what is held, marked in every editor that shows them: where it failed, and the calls above.

import {
  type DecorationOptions,
  DecorationRangeBehavior,
  Disposable,
  OverviewRulerLane,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  window,
  workspace,
} from "vscode";
import { headline } from "../annotations/content";
import { Drawn } from "../annotations/drawn";
import { displayLine } from "../annotations/lifecycle";
import type { AnnotationStore } from "../annotations/store";
import { keyOf } from "../documents";
import type { HeldFrame } from "../protocol.gen";
import type { Held } from "./held";
import { ownFrames } from "./stacks";
import { lineText } from "./words";

export class HeldMarks implements Disposable {
  readonly #held: Held;
  readonly #store: AnnotationStore;
  readonly #drawn = new Drawn();
  readonly #failed = mark("relive.heldBackground", "solid");
  readonly #above = mark(undefined, "dotted");
  readonly #subscriptions: Disposable;

  constructor(held: Held, store: AnnotationStore) {
    this.#held = held;
    this.#store = store;
    this.#subscriptions = Disposable.from(
      this.#failed,
      this.#above,
      held.onDidChange(() => this.#draw()),
      store.onDidChange(() => this.#draw()), // an error may be said by its result too
      window.onDidChangeVisibleTextEditors(() => this.#draw()),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #draw(): void {
    for (const editor of window.visibleTextEditors) {
      const uri = editor.document.uri.toString();
      const frames = ownFrames(this.#held.stacks.all).filter((frame) => frame.uri === uri);
      const failed = frames.filter(({ frame }) => frame === 0);
      const lines = new Set(failed.map(({ range }) => range.start.line));
      const above = frames.filter(({ range }) => !lines.has(range.start.line));
      const text = (frame: HeldFrame) => lineText(frame, this.#errorsAt(editor, frame));
      this.#set(editor, this.#failed, options(editor, failed, text));
      this.#set(editor, this.#above, options(editor, above));
    }
  }

  #set(editor: TextEditor, type: TextEditorDecorationType, what: DecorationOptions[]): void {
    if (this.#drawn.isNews(editor, type, what, editor.document.version)) {
      editor.setDecorations(type, what);
    }
  }

  /** The errors that results say at the end of a frame's line. */
  #errorsAt({ document }: TextEditor, { range }: HeldFrame): string[] {
    if (workspace.getConfiguration("relive.results").get("inline") === "off") {
      return [];
    }
    return this.#store
      .all(keyOf(document))
      .filter((each) => displayLine(each) === range.start.line)
      .flatMap(({ content }) => (content.kind === "error" ? [headline(content.error)] : []));
  }
}

function options(
  { document }: TextEditor,
  frames: readonly HeldFrame[],
  text?: (frame: HeldFrame) => string,
): DecorationOptions[] {
  const lines = new Map(frames.map((frame) => [frame.range.start.line, frame]));
  return [...lines]
    .filter(([line]) => line < document.lineCount)
    .map(([line, frame]) => {
      const end = document.lineAt(line).range.end;
      const after = text && {
        contentText: ` ‖ ${text(frame)}`,
        color: new ThemeColor("relive.heldForeground"),
        margin: "0 0 0 2em",
      };
      return {
        range: new Range(line, 0, line, end.character),
        ...(after && { renderOptions: { after } }),
      };
    });
}

function mark(background: string | undefined, border: string): TextEditorDecorationType {
  return window.createTextEditorDecorationType({
    isWholeLine: true,
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
    borderColor: new ThemeColor("relive.heldForeground"),
    borderStyle: border,
    borderWidth: "0 0 0 3px",
    overviewRulerColor: new ThemeColor("relive.heldForeground"),
    overviewRulerLane: OverviewRulerLane.Full,
    ...(background && { backgroundColor: new ThemeColor(background) }),
  });
}
