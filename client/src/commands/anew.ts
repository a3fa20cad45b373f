// What makes a file true where running code again does not: a new process.

import { commands, type MessageItem, type TextDocument, window, workspace } from "vscode";
import type { Context } from "../context";
import { evaluateAt } from "./command";

interface Way extends MessageItem {
  go(): Thenable<unknown>;
}

/** Says what is left of a file, with the ways to have it true: a replay runs what ran, as it was then. */
export async function offerAnew(
  context: Context,
  document: TextDocument,
  text: string,
): Promise<void> {
  const ways: Way[] = [
    { title: "Restart and Run File", go: () => runAnew(context, document) },
    { title: "Restart and Replay", go: () => commands.executeCommand("relive.restartReplay") },
  ];
  const chosen = await window.showWarningMessage(text, ...ways);
  await chosen?.go();
}

async function runAnew(context: Context, { uri }: TextDocument): Promise<void> {
  const folder = workspace.getWorkspaceFolder(uri)?.uri.toString();
  await commands.executeCommand("relive.restart", folder === undefined ? {} : { folder });
  await evaluateAt(context, { uri: uri.toString(), scope: "file" });
}
