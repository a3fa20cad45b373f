// Re-run Stale Results, Re-run for one of them, and Bring File Up To Date.

import { window } from "vscode";
import { withoutLinks } from "../annotations/plainText";
import { NothingToDo } from "../errors";
import { bringUpToDateCommand, rerunStaleCommand } from "../protocol";
import type { LeftCode } from "../protocol.gen";
import { requireTrust } from "../trust";
import { offerAnew } from "./anew";
import { evaluateAt, isReference, pythonEditor, type Run, resultOf } from "./command";

/** More of them would make no message. */
const MAX_TOLD = 3;

/** Of the document that is edited, or whose result the link was at; of all where there is none. */
export const rerunStaleRun: Run = async ({ daemon, messages }, argument) => {
  const { ran, left } = await daemon.execute(requireTrust(), rerunStaleCommand, about(argument));
  if (left.length > 0) {
    await window.showWarningMessage(`Relive: ${leftInWords(left)}`);
  } else if (ran.length === 0) {
    throw new NothingToDo("no result is stale");
  } else {
    messages.notice(`${statements(ran.length)} ran again`);
  }
};

export const rerunResultRun: Run = async (context, argument) => {
  const { key, annotation } = resultOf(context, argument);
  await evaluateAt(context, { uri: key, scope: "form", position: annotation.region.start });
};

export const bringUpToDateRun: Run = async (context) => {
  const { document } = pythonEditor();
  const uri = document.uri.toString();
  const answer = await context.daemon.execute(requireTrust(), bringUpToDateCommand, { uri });
  const { redefinition, ran, left, needsRestart } = answer;
  const changes = redefinition?.definitions.filter(({ outcome }) => outcome !== "unchanged") ?? [];
  if (redefinition !== null && (changes.length > 0 || redefinition.error !== null)) {
    context.tell("Bring File Up To Date", [uri], { ...redefinition, definitions: changes });
  }
  const text = `Relive: ${leftInWords(left)}`;
  if (left.length > 0 && needsRestart) {
    await offerAnew(context, document, text);
  } else if (left.length > 0) {
    await window.showWarningMessage(text);
  } else if (redefinition === null || redefinition.error === null) {
    const did = ran.length === 0 ? "nothing had to run" : `${statements(ran.length)} ran`;
    context.messages.notice(`the file is up to date: ${did}`);
  }
};

function about(argument: unknown): { uri?: string } {
  if (isReference(argument)) {
    return { uri: argument.uri };
  }
  const document = window.activeTextEditor?.document;
  return document?.languageId === "python" ? { uri: document.uri.toString() } : {};
}

function statements(count: number): string {
  return count === 1 ? "1 statement" : `${count} statements`;
}

function leftInWords(left: readonly LeftCode[]): string {
  const told = left
    .slice(0, MAX_TOLD)
    .map(({ range, why }) => `line ${range.start.line + 1} is not up to date: ${why}`);
  const rest = left.length > MAX_TOLD ? [`${left.length - MAX_TOLD} more`] : [];
  return withoutLinks([...told, ...rest].join("; "));
}
