// Redefine Function at Cursor, or what a lens or a code action names.

import { Uri, workspace } from "vscode";
import type { Context } from "../context";
import { findDocument } from "../documents";
import { redefineCommand } from "../protocol";
import type { Run } from "./command";
import { changeAtCursor, changeNamed, isFile, isNamed } from "./definition";
import { redefineChanged } from "./redefineChanged";

export const redefineRun: Run = async (context, argument) => {
  if (isNamed(argument)) {
    await redefineNamed(context, argument.uri, argument.name);
  } else if (isFile(argument)) {
    await redefineChanged(context, argument.uri);
  } else {
    await changeAtCursor(context, redefineCommand);
  }
};

export async function redefineNamed(context: Context, uri: string, name: string): Promise<void> {
  if (findDocument(uri) === undefined) {
    await workspace.openTextDocument(Uri.parse(uri)); // what is redefined is an open text
  }
  await changeNamed(context, redefineCommand, { uri, name });
}
