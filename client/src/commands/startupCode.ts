// Edit Startup Code: the folder's file, made if there is none; whether it runs is asked anew.

import { FileType, Uri, window, workspace } from "vscode";
import type { Context } from "../context";
import { UserError } from "../errors";
import { requireTrust } from "../trust";
import type { Run } from "./command";

const BEGIN = `"""Runs first in each process of this folder: what is set up here is there in all of them.

Its names are its own module's. *Restart Clean* starts another process, which asks before it runs.
"""
`;

export const startupCodeRun: Run = async (context) => {
  requireTrust();
  const folder = await chosenFolder();
  if (folder !== undefined) {
    await edit(context, folder);
  }
};

async function edit({ startup }: Context, folder: Uri): Promise<void> {
  const file = Uri.joinPath(folder, ".relive", "startup.py");
  if (!(await isThere(file))) {
    await workspace.fs.writeFile(file, new TextEncoder().encode(BEGIN));
  }
  await startup.decisions.forget(folder.toString());
  await window.showTextDocument(await workspace.openTextDocument(file));
}

async function isThere(file: Uri): Promise<boolean> {
  const found = await Promise.resolve(workspace.fs.stat(file)).catch(() => undefined);
  return found?.type === FileType.File;
}

async function chosenFolder(): Promise<Uri | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length > 1) {
    return (await window.showWorkspaceFolderPick())?.uri;
  }
  if (folders[0] === undefined) {
    throw new UserError("Open a folder first: start-up code is kept in its folder .relive.");
  }
  return folders[0].uri;
}
