// Re-run Stale Results, and Re-run for one of them.

import { window } from "vscode";
import { NothingToDo } from "../errors";
import { rerunStaleCommand } from "../protocol";
import type { LeftCode } from "../protocol.gen";
import { requireTrust } from "../trust";
import { evaluateAt, isReference, type Run, resultOf } from "./command";

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
    messages.notice(
      ran.length === 1 ? "1 statement ran again" : `${ran.length} statements ran again`,
    );
  }
};

export const rerunResultRun: Run = async (context, argument) => {
  const { key, annotation } = resultOf(context, argument);
  await evaluateAt(context, { uri: key, scope: "form", position: annotation.region.start });
};

function about(argument: unknown): { uri?: string } {
  if (isReference(argument)) {
    return { uri: argument.uri };
  }
  const document = window.activeTextEditor?.document;
  return document?.languageId === "python" ? { uri: document.uri.toString() } : {};
}

function leftInWords(left: readonly LeftCode[]): string {
  const told = left
    .slice(0, MAX_TOLD)
    .map(({ range, why }) => `line ${range.start.line + 1} did not run again: ${why}`);
  const rest = left.length > MAX_TOLD ? [`${left.length - MAX_TOLD} more`] : [];
  return [...told, ...rest].join("; ");
}
