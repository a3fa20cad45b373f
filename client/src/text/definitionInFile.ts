// A definition's text in its file: read, and replaced by another version of it.

import { Range, type TextDocument, Uri, WorkspaceEdit, window, workspace } from "vscode";
import { definitionLine } from "../annotations/definitionLine";
import type { Daemon } from "../daemon";
import { linesOfDocument } from "../documents";
import { UserError } from "../errors";
import { requireTrust } from "../trust";
import { insertion } from "./definitionPlace";

/** A definition as it stands in a document: whole lines, with its decorators. */
interface Standing {
  readonly document: TextDocument;
  readonly range: Range;
}

/** The definition's text, or undefined when the file has no such definition. */
export async function definitionText(
  daemon: Daemon,
  uri: string,
  name: string,
): Promise<string | undefined> {
  const document = await workspace.openTextDocument(Uri.parse(uri));
  const standing = await find(daemon, document, name);
  return standing && document.getText(standing.range);
}

/** Writes a version into the document, which is shown and not saved. */
export async function putIntoFile(
  daemon: Daemon,
  uri: string,
  name: string,
  version: string,
): Promise<void> {
  const document = await workspace.openTextDocument(Uri.parse(uri));
  const edit = new WorkspaceEdit();
  const text = version.trimEnd();
  const standing = await find(daemon, document, name);
  if (standing === undefined) {
    insert(edit, document, name, text);
  } else {
    edit.replace(document.uri, standing.range, text);
  }
  await workspace.applyEdit(edit);
  await show(document, name);
}

async function find(
  daemon: Daemon,
  document: TextDocument,
  name: string,
): Promise<Standing | undefined> {
  const header = definitionLine(linesOfDocument(document), name);
  if (header === undefined) {
    return undefined;
  }
  const position = { line: header, character: document.lineAt(header).text.search(/\S/) };
  const uri = document.uri.toString();
  const target = await daemon.target(requireTrust(), { uri, position, scope: "definition" });
  if (target === null || target.name !== name) {
    return undefined;
  }
  const { start, end } = target.range;
  return { document, range: new Range(start.line, 0, end.line, end.character) };
}

function insert(edit: WorkspaceEdit, document: TextDocument, name: string, text: string): void {
  const place = insertion(linesOfDocument(document), name, text);
  if (place === undefined) {
    throw new UserError(`The file has no class that ${name} could be written into.`);
  }
  const line = Math.max(0, place.after);
  const at = place.after < 0 ? document.lineAt(0).range.start : document.lineAt(line).range.end;
  edit.insert(document.uri, at, place.text);
}

async function show(document: TextDocument, name: string): Promise<void> {
  const line = definitionLine(linesOfDocument(document), name) ?? 0;
  const start = document.lineAt(line).range.start;
  await window.showTextDocument(document, { selection: new Range(start, start) });
}
