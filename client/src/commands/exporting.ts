// What the process ran made a file, and a notebook made a file of Python.

import { TextEncoder } from "node:util";
import { commands, Uri, window, workspace } from "vscode";
import type { Context } from "../context";
import { keyOf } from "../documents";
import { NothingToDo, UserError } from "../errors";
import {
  exportResultsCommand,
  exportSessionCommand,
  importNotebookCommand,
} from "../exporting/protocol";
import { exportedWords, importedWords, resultRows } from "../exporting/words";
import type { Exported, ExportSessionParams, ImportedNotebook } from "../protocol.gen";
import { requireTrust } from "../trust";
import { pythonEditor, type Run, uriOf } from "./command";
import { ofSession } from "./undo";

type Format = ExportSessionParams["format"];

const FORMATS: readonly { label: string; description: string; format: Format }[] = [
  { label: "Program", description: ".py that gives the state again", format: "py" },
  { label: "Notebook", description: ".ipynb with what the code gave", format: "ipynb" },
];

export const exportSessionRun: Run = async (context) => {
  const trusted = requireTrust();
  const format = await chosenFormat("Export Session");
  const params = { format, ...ofSession() };
  await save(context, await context.daemon.execute(trusted, exportSessionCommand, params), format);
};

export const exportResultsRun: Run = async (context) => {
  const trusted = requireTrust();
  const editor = pythonEditor();
  const { document } = editor;
  const lineAt = (line: number) => document.lineAt(line).text;
  const rows = resultRows(context.store.all(keyOf(document)), lineAt);
  if (rows.length === 0) {
    throw new NothingToDo("the file has no results of the process that runs");
  }
  const chosen = await window.showQuickPick(rows, {
    title: "Export Results",
    placeHolder: "Results to export; the code that they need comes with them",
    canPickMany: true,
    matchOnDescription: true,
  });
  if (chosen === undefined || chosen.length === 0) {
    throw new NothingToDo("no result was chosen");
  }
  const format = await chosenFormat("Export Results");
  const params = { format, results: chosen.map(({ id }) => id), uri: uriOf(editor) };
  await save(context, await context.daemon.execute(trusted, exportResultsCommand, params), format);
};

export const importNotebookRun: Run = async (context, argument) => {
  const trusted = requireTrust();
  const notebook = await chosenNotebook(argument);
  const uri = notebook.toString();
  const told = await context.daemon.execute(trusted, importNotebookCommand, { uri });
  const unsaved = { label: "Open Unsaved", description: "look at it first", save: false };
  const beside = { label: "Save Beside the Notebook", description: told.name, save: true };
  const chosen = await window.showQuickPick([unsaved, beside], { title: `Import ${told.name}` });
  if (chosen === undefined) {
    throw new NothingToDo("the notebook was not imported");
  }
  const asked = { uri, save: true };
  const saved = chosen.save
    ? await context.daemon.execute(trusted, importNotebookCommand, asked)
    : told;
  await open(saved);
  context.messages.notice(importedWords(saved));
};

async function open({ uri, text }: ImportedNotebook): Promise<void> {
  const document = await (uri === undefined
    ? workspace.openTextDocument({ language: "python", content: text })
    : workspace.openTextDocument(Uri.parse(uri)));
  await window.showTextDocument(document);
}

async function chosenFormat(title: string): Promise<Format> {
  const chosen = await window.showQuickPick(FORMATS, { title });
  if (chosen === undefined) {
    throw new NothingToDo("no format was chosen");
  }
  return chosen.format;
}

/** Asks where, writes it there, and shows it. */
async function save(context: Context, exported: Exported, format: Format): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const target = await window.showSaveDialog({
    title: format === "py" ? "Export as Program" : "Export as Notebook",
    filters: format === "py" ? { Python: ["py"] } : { Notebook: ["ipynb"] },
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, exported.name) }),
  });
  if (target === undefined) {
    throw new NothingToDo("nothing was written");
  }
  await workspace.fs.writeFile(target, new TextEncoder().encode(exported.text));
  await commands.executeCommand("vscode.open", target);
  context.messages.notice(exportedWords(exported, workspace.asRelativePath(target)));
}

/** The notebook that a menu of the explorer names, that is open, or that is asked for. */
async function chosenNotebook(argument: unknown): Promise<Uri> {
  if (argument instanceof Uri) {
    return argument;
  }
  const open = window.activeNotebookEditor?.notebook;
  if (open !== undefined) {
    if (open.isDirty || open.isUntitled) {
      throw new UserError("Save the notebook first: it is imported from its file.");
    }
    return open.uri;
  }
  const [found] =
    (await window.showOpenDialog({
      title: "Notebook to Import",
      filters: { Notebook: ["ipynb"] },
      ...folderAtHand(),
    })) ?? [];
  if (found === undefined) {
    throw new NothingToDo("no notebook was chosen");
  }
  return found;
}

function folderAtHand(): { defaultUri?: Uri } {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return folder === undefined ? {} : { defaultUri: folder };
}
