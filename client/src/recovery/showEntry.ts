// Shows the code of an entry of the change log: where it stands, or what was recorded of it.

import { ViewColumn, window, workspace } from "vscode";
import type { Daemon } from "../daemon";
import { entryCommand } from "../protocol";
import type { HistoryEntry } from "../protocol.gen";
import { requireTrust } from "../trust";
import { showPlace } from "../views/frames";
import type { ResultDocuments } from "../views/resultDocument";

/** In its file if it stands there; else its text, as a document that can be edited and saved. */
export async function editEntry(daemon: Daemon, entry: HistoryEntry): Promise<void> {
  const { uri, range, stands } = entry;
  if (uri !== null && range !== null && stands) {
    await showPlace(uri, range);
    return;
  }
  const content = await wholeText(daemon, entry);
  const document = await workspace.openTextDocument({ language: "python", content });
  await window.showTextDocument(document, { viewColumn: ViewColumn.Active });
}

/** The same, only to be looked at: what is typed still goes to the list it is looked at from. */
export async function lookAtEntry(
  { daemon, documents }: { daemon: Daemon; documents: ResultDocuments },
  entry: HistoryEntry,
): Promise<void> {
  const { uri, range, stands } = entry;
  if (uri !== null && range !== null && stands) {
    await showPlace(uri, range, true);
  } else {
    await documents.open("change.py", await wholeText(daemon, entry), true);
  }
}

export async function wholeText(daemon: Daemon, entry: HistoryEntry): Promise<string> {
  if (!entry.textTruncated) {
    return entry.text;
  }
  const { id, uri } = entry;
  const params = uri === null ? { id } : { id, uri };
  return (await daemon.execute(requireTrust(), entryCommand, params)).entry.text;
}
