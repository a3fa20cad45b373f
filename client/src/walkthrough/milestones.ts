// What has been done for the first time: the steps of the walkthrough complete on it.

import { commands } from "vscode";

export type Milestone =
  | "evaluated"
  | "advanced"
  | "redefined"
  | "resumed"
  | "wentBack"
  | "interrupted";

/** The editor remembers which steps were completed; which keys are set it knows by itself. */
export function reached(milestone: Milestone): void {
  void commands.executeCommand("setContext", `relive.did.${milestone}`, true);
}
