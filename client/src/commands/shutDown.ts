// Shut Down Server: the daemon ends with all its sessions, also one that would be kept.

import { NothingToDo } from "../errors";
import type { Run } from "./command";

export const shutDownRun: Run = async ({ daemon, messages }) => {
  if (daemon.state !== "running") {
    throw new NothingToDo("no server runs");
  }
  await daemon.stop();
  messages.notice("the server was shut down, with all sessions. Evaluating starts it again");
};
