// Whether there is a result at the cursor, for the keys' conditions.

import { commands, Disposable, window } from "vscode";
import { keyOf } from "../documents";
import type { Annotation } from "./lifecycle";
import type { AnnotationStore } from "./store";

const CONTEXT_KEY = "relive.hasResultAtCursor";

/** The annotations on the line of the cursor, newest first, that can be cleared. */
export function atCursor(store: AnnotationStore): { key: string; annotations: Annotation[] } {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    return { key: "", annotations: [] };
  }
  const key = keyOf(editor.document);
  const here = store.at(key, editor.selection.active.line);
  return { key, annotations: here.filter(({ nature }) => nature !== "pending") };
}

export function followCursor(store: AnnotationStore): Disposable {
  let told = false;
  const tell = (): void => {
    const there = atCursor(store).annotations.length > 0;
    if (there !== told) {
      told = there;
      void commands.executeCommand("setContext", CONTEXT_KEY, there);
    }
  };
  return Disposable.from(
    store.onDidChange(tell),
    window.onDidChangeActiveTextEditor(tell),
    window.onDidChangeTextEditorSelection(tell),
  );
}
