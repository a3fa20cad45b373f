// Undo Last Redefinition: what runs is changed back, the file is not.

import { window } from "vscode";
import { NothingToDo } from "../errors";
import { undoCommand } from "../protocol";
import { requireTrust } from "../trust";
import { filesOf, type Run } from "./command";

export const undoRun: Run = async (context) => {
  const answer = await context.daemon.execute(requireTrust(), undoCommand, ofSession());
  if (answer.undone === undefined && answer.error === null && answer.definitions.length === 0) {
    throw new NothingToDo("no redefinition is left to undo");
  }
  context.tell("Undo", filesOf(answer), answer);
};

/** The session of the text that is edited; another program's, or none: the one used last. */
export function ofSession(): { uri?: string } {
  const document = window.activeTextEditor?.document;
  const isPython = document?.languageId === "python" && document.uri.scheme === "file";
  return isPython ? { uri: document.uri.toString() } : {};
}
