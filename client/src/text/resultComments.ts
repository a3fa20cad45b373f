// Result comments in documents: written by a command, brought up to date when their code runs again.

import { Range, type TextDocument, WorkspaceEdit, workspace } from "vscode";
import { longest } from "../annotations/content";
import { linesOfDocument } from "../documents";
import type { Evaluation } from "../protocol.gen";
import { commentLength, commentOf, indentOf, isSameComment } from "./resultComment";

/** Lines of code in a document. */
export interface CodeLines {
  readonly first: number;
  readonly last: number;
}

/** Puts a comment below the code, in place of the one that is there. */
export async function writeComment(
  document: TextDocument,
  code: CodeLines,
  text: string,
): Promise<void> {
  const edit = new WorkspaceEdit();
  addComment(edit, document, code, text);
  await workspace.applyEdit(edit);
}

/** Renews the comments below code that has just run; those whose value is the same stay untouched. */
export async function renewComments(document: TextDocument, answer: Evaluation): Promise<void> {
  if (answer.version !== document.version) {
    return; // edited meanwhile: nobody knows what stands where
  }
  const lines = linesOfDocument(document);
  const edit = new WorkspaceEdit();
  for (const { range, value, origin } of answer.results) {
    const { start, end } = range;
    if (origin === "requested" && value !== null && commentLength(lines, end.line + 1) > 0) {
      addComment(edit, document, { first: start.line, last: end.line }, longest(value).text);
    }
  }
  if (edit.size > 0) {
    await workspace.applyEdit(edit);
  }
}

function addComment(
  edit: WorkspaceEdit,
  document: TextDocument,
  { first, last }: CodeLines,
  text: string,
): void {
  const lines = linesOfDocument(document);
  const comment = commentOf(text, indentOf(lines, first));
  if (isSameComment(lines, last + 1, comment)) {
    return;
  }
  const old = commentLength(lines, last + 1);
  // From the end of the code on: the last line of a file may have none below it.
  const range = new Range(document.lineAt(last).range.end, document.lineAt(last + old).range.end);
  edit.replace(document.uri, range, ["", ...comment].join("\n"));
}
