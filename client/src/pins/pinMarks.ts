// Draws ✓ and differences at the ends of lines, in source files and in files of pins.

import {
  type DecorationOptions,
  DecorationRangeBehavior,
  Disposable,
  MarkdownString,
  Range,
  type TextDocument,
  type TextEditorDecorationType,
  ThemeColor,
  Uri,
  window,
  workspace,
} from "vscode";
import { keyOf } from "../documents";
import type { FilePins } from "../protocol.gen";
import { hoverText } from "./hoverText";
import type { PinBoard } from "./pinBoard";
import { type Mark, marksInPins, marksInSource, type Tone } from "./words";

const COLORS: Readonly<Record<Tone, string>> = {
  passed: "relive.receiptForeground",
  failed: "relive.errorForeground",
  unknown: "relive.staleForeground",
};
const TONES = ["passed", "failed", "unknown"] as const;

/** The only commands a hover may run. */
const HOVER_COMMANDS = ["relive.repin", "relive.unpin", "relive.openPins", "relive.runPins"];

export class PinMarks implements Disposable {
  readonly #board: PinBoard;
  readonly #types: Readonly<Record<Tone, TextEditorDecorationType>> = {
    passed: type("passed"),
    failed: type("failed"),
    unknown: type("unknown"),
  };
  readonly #subscriptions: Disposable;

  constructor(board: PinBoard) {
    this.#board = board;
    this.#subscriptions = Disposable.from(
      ...Object.values(this.#types),
      board.onDidChange(({ uri, pinsUri }) => this.#draw([uri, pinsUri])),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #draw(uris: readonly (string | undefined)[]): void {
    const keys = uris.map((uri) => uri && Uri.parse(uri).toString());
    for (const editor of window.visibleTextEditors) {
      const key = keyOf(editor.document);
      if (keys.includes(key)) {
        const file = this.#board.writtenIn(key);
        const marks = file === undefined ? [] : marksOf(file, key);
        for (const tone of TONES) {
          editor.setDecorations(
            this.#types[tone],
            marks.filter((mark) => mark.tone === tone).flatMap(atLineEnd(editor.document, file)),
          );
        }
      }
    }
  }
}

function marksOf(file: FilePins, key: string): Mark[] {
  const maxLength = workspace.getConfiguration("relive").get("results.maxLength", 100);
  const isSource = Uri.parse(file.uri).toString() === key;
  return isSource ? marksInSource(file, maxLength) : marksInPins(file, maxLength);
}

function atLineEnd(document: TextDocument, file: FilePins | undefined) {
  return ({ line, text, pins }: Mark): DecorationOptions[] => {
    if (line >= document.lineCount || file === undefined) {
      return [];
    }
    const { end } = document.lineAt(line).range;
    const hoverMessage = new MarkdownString(hoverText(file.uri, pins));
    hoverMessage.isTrusted = { enabledCommands: HOVER_COMMANDS };
    return [
      { range: new Range(end, end), renderOptions: { after: { contentText: text } }, hoverMessage },
    ];
  };
}

function type(tone: Tone): TextEditorDecorationType {
  return window.createTextEditorDecorationType({
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
    after: { color: new ThemeColor(COLORS[tone]) },
  });
}
