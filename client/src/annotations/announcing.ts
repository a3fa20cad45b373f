// What screen readers are told of an evaluation or a redefinition, for those who want it said: what is drawn at the end
// of a line is read out by none of them.

import { ProgressLocation, window, workspace } from "vscode";
import type { Evaluation } from "../protocol.gen";
import { cut, withoutLinks } from "./plainText";
import { spoken } from "./spoken";

const MAX_LENGTH = 200;
/** As long as it takes to be read by those who look; what is read out is taken from it at once. */
const SHOWN_MS = 3000;

export function announceEvaluation(answer: Evaluation): void {
  announce(spoken(answer));
}

/** The editor has no other way to have something said: a notification is read out, and this one goes by itself. */
export function announce(text: string): void {
  if (!workspace.getConfiguration("relive").get("results.announce", false)) {
    return;
  }
  const title = withoutLinks(cut(text, MAX_LENGTH));
  void window.withProgress({ location: ProgressLocation.Notification, title }, async () => {
    await new Promise((resolve) => setTimeout(resolve, SHOWN_MS));
  });
}
