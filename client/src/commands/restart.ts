// Restart Clean and Restart and Replay: a new process, in the interpreter that is chosen now.

import { workspace } from "vscode";
import type { Context } from "../context";
import { folderAtHand } from "../documents";
import { historyCommand, recoverCommand, restartCommand } from "../protocol";
import type { HistoryEntry } from "../protocol.gen";
import { changedSince } from "../python/environment";
import { inFolder } from "../recovery/replays";
import { requireTrust } from "../trust";
import type { Run } from "./command";

export const restartRun: Run = async (context) => {
  const trusted = requireTrust();
  if (await isOtherInterpreter(context)) {
    await context.daemon.stop();
  }
  await context.daemon.execute(trusted, restartCommand, {});
  context.messages.notice("the session was restarted");
};

export const restartReplayRun: Run = async (context) => {
  requireTrust();
  const folder = folderAtHand();
  if (await isOtherInterpreter(context)) {
    await replayInOther(context, folder);
  } else {
    const params = { replay: true, ...inFolder(folder) };
    await context.recovery.replays.run(folder, restartCommand, params);
  }
};

/** The daemon goes with the interpreter that it was started for; the log tells what the process had run. */
async function replayInOther({ daemon, recovery }: Context, folder: string): Promise<void> {
  const about = inFolder(folder);
  const [last]: HistoryEntry[] = await daemon.execute(requireTrust(), historyCommand, {
    ...about,
    limit: 1,
  });
  await daemon.stop();
  if (last !== undefined) {
    const { session, life } = last;
    const params = { session, life, omitLast: 0, ...about };
    await recovery.replays.run(folder, recoverCommand, params, { session, life });
  }
}

async function isOtherInterpreter({ daemon, environments }: Context): Promise<boolean> {
  if (daemon.state !== "running") {
    return false;
  }
  const chosen = await environments.chosen(workspace.workspaceFolders ?? []);
  return changedSince(daemon.chosen, chosen).length > 0;
}
