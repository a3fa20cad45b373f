// Draws the values of a captured call at the ends of the function's lines.

import {
  type DecorationOptions,
  DecorationRangeBehavior,
  Disposable,
  MarkdownString,
  Range,
  type TextDocument,
  ThemeColor,
  window,
  workspace,
} from "vscode";
import { headerLine } from "../annotations/definitionLine";
import { fence } from "../annotations/plainText";
import { keyOf, linesOfDocument } from "../documents";
import type { CapturedCall } from "../protocol.gen";
import type { Captured } from "./capturedCalls";
import { headline, type InlineValue, inlineValues, told } from "./words";

/** The only commands a hover may run. */
const HOVER_COMMANDS = ["relive.chooseCall", "relive.runAgain", "relive.stopCapturing"];

export class InlineMarks implements Disposable {
  readonly #captured: Captured;
  readonly #value = type(new ThemeColor("relive.capturedForeground"));
  readonly #error = type(new ThemeColor("relive.errorForeground"));
  readonly #subscriptions: Disposable;

  constructor(captured: Captured) {
    this.#captured = captured;
    this.#subscriptions = Disposable.from(
      this.#value,
      this.#error,
      captured.onDidChange(() => this.#draw()),
      window.onDidChangeVisibleTextEditors(() => this.#draw()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("relive.captured")) {
          this.#draw();
        }
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #draw(): void {
    const settings = workspace.getConfiguration("relive");
    const isShown = settings.get<boolean>("captured.inline", true);
    const maxLength = settings.get("results.maxLength", 100);
    for (const { document, setDecorations } of window.visibleTextEditors.map(bound)) {
      const calls = isShown ? this.#captured.of(keyOf(document)) : [];
      const marks = calls
        .filter(({ outdated }) => !outdated) // its lines are not those of the text
        .flatMap((call) => marksOf(document, call, maxLength));
      setDecorations(this.#value, marks.filter(({ isError }) => !isError).map(options));
      setDecorations(this.#error, marks.filter(({ isError }) => isError).map(options));
    }
  }
}

interface Mark extends InlineValue {
  readonly document: TextDocument;
  readonly call: CapturedCall;
}

function bound(editor: (typeof window.visibleTextEditors)[number]) {
  return { document: editor.document, setDecorations: editor.setDecorations.bind(editor) };
}

function marksOf(document: TextDocument, call: CapturedCall, maxLength: number): Mark[] {
  const { start, end } = call.range;
  const last = Math.min(end.line, document.lineCount - 1);
  const header = headerLine(linesOfDocument(document), Math.min(start.line, last), last);
  return inlineValues(call, header, maxLength)
    .filter(({ line }) => line < document.lineCount)
    .map((mark) => ({ ...mark, document, call }));
}

function options({ document, line, text, call }: Mark): DecorationOptions {
  const { end } = document.lineAt(line).range;
  const hoverMessage = new MarkdownString(hoverText(call, line));
  hoverMessage.isTrusted = { enabledCommands: HOVER_COMMANDS };
  return {
    range: new Range(end, end),
    renderOptions: { after: { contentText: text } },
    hoverMessage,
  };
}

function hoverText(call: CapturedCall, line: number): string {
  const ran = call.lines.find((each) => each.line === line);
  const words = ran === undefined || ran.values.length === 0 ? [headline(call)] : told(ran);
  const links = [
    link("Choose Call…", "relive.chooseCall", call),
    ...(call.hasValues ? [link("Run Again With These Arguments", "relive.runAgain", call)] : []),
    link("Stop Capturing", "relive.stopCapturing", call),
  ];
  return `${fence(words.join("\n"), "python")}\n\nCall ${call.number} · ${links.join(" · ")}`;
}

function link(title: string, command: string, { uri, name, call }: CapturedCall): string {
  return `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([{ uri, name, call }]))})`;
}

function type(color: ThemeColor) {
  return window.createTextEditorDecorationType({
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
    after: { color, fontStyle: "italic" },
  });
}
