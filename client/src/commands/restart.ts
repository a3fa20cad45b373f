// Restart Clean and Restart and Replay: a new process, in the interpreter that is chosen now.

import { workspace } from "vscode";
import { folderAtHand } from "../documents";
import { restartCommand } from "../protocol";
import { folderName, inFolder } from "../recovery/replays";
import { requireTrust } from "../trust";
import type { Run } from "./command";

export const restartRun: Run = async (context, argument) => {
  const trusted = requireTrust();
  const folder = folderOf(argument) ?? folderAtHand();
  await context.daemon.renewInterpreters();
  await context.daemon.execute(trusted, restartCommand, inFolder(folder));
  context.messages.notice(`the session${nameOf(folder)} was restarted`);
};

export const restartReplayRun: Run = async (context) => {
  requireTrust();
  const folder = folderAtHand();
  await context.daemon.renewInterpreters();
  const params = { replay: true, ...inFolder(folder) };
  await context.recovery.replays.run(folder, restartCommand, params);
};

/** The folder that an offer names. */
function folderOf(argument: unknown): string | undefined {
  const isNamed = typeof argument === "object" && argument !== null && "folder" in argument;
  return isNamed && typeof argument.folder === "string" ? argument.folder : undefined;
}

function nameOf(folder: string): string {
  return (workspace.workspaceFolders ?? []).length > 1 ? ` of ${folderName(folder)}` : "";
}
