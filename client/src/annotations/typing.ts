// Where the user is typing at a line's end: what stood there before is not drawn, or it would push the caret about.

import { Disposable, EventEmitter, type TextDocumentChangeEvent, window, workspace } from "vscode";
import { keyOf } from "../documents";
import type { TypingPlace } from "./drawing";
import type { AnnotationStore } from "./store";

/** A pause as long as this ends it. */
const PAUSE_MS = 1000;

export class Typing implements Disposable {
  readonly #store: AnnotationStore;
  readonly #changed = new EventEmitter<string>();
  readonly #subscriptions: Disposable;
  #place: (TypingPlace & { readonly key: string }) | undefined;
  #pause: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(store: AnnotationStore) {
    this.#store = store;
    this.#subscriptions = Disposable.from(
      workspace.onDidChangeTextDocument((event) => this.#typed(event)),
      window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        const line = selections[0]?.active.line;
        if (keyOf(textEditor.document) === this.#place?.key && line !== this.#place.line) {
          this.#end();
        }
      }),
    );
  }

  at(key: string): TypingPlace | undefined {
    return this.#place?.key === key ? this.#place : undefined;
  }

  dispose(): void {
    clearTimeout(this.#pause);
    this.#subscriptions.dispose();
  }

  #typed({ document, contentChanges, reason }: TextDocumentChangeEvent): void {
    const key = keyOf(document);
    const change = contentChanges[0];
    if (change === undefined || window.activeTextEditor?.document !== document) {
      return;
    }
    if (reason !== undefined) {
      // What undo brings back, or takes away, is not typed.
      this.#end();
      return;
    }
    const line = change.range.start.line + change.text.split("\n").length - 1;
    const column = change.range.start.character + change.text.length;
    const atEnd = line === change.range.start.line && column === document.lineAt(line).text.length;
    if (atEnd && contentChanges.length === 1) {
      this.#begin(key, line);
    }
  }

  #begin(key: string, line: number): void {
    const newest = this.#store.all(key).at(-1)?.id ?? 0;
    this.#place = { key, line, newest };
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#end(), PAUSE_MS);
    this.#changed.fire(key);
  }

  #end(): void {
    clearTimeout(this.#pause);
    const key = this.#place?.key;
    this.#place = undefined;
    if (key !== undefined) {
      this.#changed.fire(key);
    }
  }
}
