// The question to the user when code goes on in spite of an interrupt: wait, or end its process.

import { commands, window } from "vscode";
import { cut, withoutLinks } from "../annotations/plainText";
import type { UnresponsiveParams } from "../protocol.gen";
import type { ResultDocuments } from "./resultDocument";

const TERMINATE = "Terminate";
const SHOW_STACK = "Show Stack";
const MAX_LENGTH = 400;

/** Asked anew when the stack was looked at: that is no answer. */
export async function offerToTerminate(
  { id, uri, message, traceback }: UnresponsiveParams,
  documents: ResultDocuments,
): Promise<void> {
  const what = withoutLinks(cut(`The code did not stop: ${message}.`, MAX_LENGTH));
  const question = `Relive: ${what} Terminating its process loses the session's state.`;
  const offers = traceback === "" ? [TERMINATE] : [TERMINATE, SHOW_STACK];
  let chosen = await window.showWarningMessage(question, ...offers);
  while (chosen === SHOW_STACK) {
    await documents.open("Stacks.txt", traceback);
    chosen = await window.showWarningMessage(question, ...offers);
  }
  if (chosen === TERMINATE) {
    await commands.executeCommand("relive.terminate", { id, uri });
  }
}
