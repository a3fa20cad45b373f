// Stop Session: its process ends; what had run stays in the log.

import { folderAtHand } from "../documents";
import { NothingToDo } from "../errors";
import { stopCommand } from "../protocol";
import { inFolder } from "../recovery/replays";
import { requireTrust } from "../trust";
import type { Run } from "./command";

export const stopRun: Run = async ({ daemon, messages, status }) => {
  if (daemon.state !== "running" || !status.hasProcess) {
    throw new NothingToDo("no session runs");
  }
  await daemon.execute(requireTrust(), stopCommand, inFolder(folderAtHand()));
  messages.notice("the session was stopped. Recover Session brings back what it had run");
};
