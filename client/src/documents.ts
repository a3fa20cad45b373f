// The editor's documents, for the logic that knows no editor; and their changes, for the store.

import {
  Disposable,
  type TextDocument,
  type TextDocumentChangeEvent,
  TextDocumentChangeReason,
  Uri,
  window,
  workspace,
} from "vscode";
import type { Lines } from "./annotations/evaluated";
import type { AnnotationStore } from "./annotations/store";
import type { OpenDocument } from "./evaluation/host";

export function linesOfDocument(document: TextDocument): Lines {
  return {
    get count() {
      return document.lineCount;
    },
    at: (line) => document.lineAt(line).text,
  };
}

/** A file's path as the user knows it. */
export function relativePath(uri: string): string {
  return workspace.asRelativePath(Uri.parse(uri));
}

/** What the store calls a document. */
export function keyOf(document: TextDocument): string {
  return document.uri.toString();
}

export function findDocument(uri: string): TextDocument | undefined {
  const key = Uri.parse(uri).toString();
  return workspace.textDocuments.find((document) => keyOf(document) === key);
}

export function openDocument(uri: string): OpenDocument | undefined {
  const document = findDocument(uri);
  return document && { key: keyOf(document), lines: linesOfDocument(document) };
}

export function isVisible(key: string): boolean {
  return window.visibleTextEditors.some(({ document }) => keyOf(document) === key);
}

/** Keeps the store's places right whatever happens to documents. */
export function followDocuments(store: AnnotationStore): Disposable {
  return Disposable.from(
    workspace.onDidChangeTextDocument((event) => edit(store, event)),
    workspace.onDidOpenTextDocument((document) =>
      store.reconcile(keyOf(document), linesOfDocument(document)),
    ),
    workspace.onDidCloseTextDocument((document) => {
      if (document.isUntitled) {
        store.forget(keyOf(document));
      }
    }),
    workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) {
        store.rename(oldUri.toString(), newUri.toString());
      }
    }),
    workspace.onDidDeleteFiles(({ files }) => {
      for (const uri of files) {
        store.forget(uri.toString());
      }
    }),
  );
}

/** Saving, and other changes of a document's state, come without changes of its text. */
function edit(store: AnnotationStore, event: TextDocumentChangeEvent): void {
  const { document, contentChanges, reason } = event;
  const undoing =
    reason === TextDocumentChangeReason.Undo || reason === TextDocumentChangeReason.Redo;
  store.edit(keyOf(document), contentChanges, linesOfDocument(document), undoing);
}

/** The URI of the workspace folder that is worked in: that of the text at hand, or the first; empty when there is none. */
export function folderAtHand(): string {
  const document = window.activeTextEditor?.document.uri;
  const folder = document && workspace.getWorkspaceFolder(document);
  return (folder ?? workspace.workspaceFolders?.[0])?.uri.toString() ?? "";
}
