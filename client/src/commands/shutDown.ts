// Shut Down Server: the daemon ends with all its sessions, also one that would be kept, or does not answer.

import { NothingToDo } from "../errors";
import type { Run } from "./command";

export const shutDownRun: Run = async ({ daemon, messages }) => {
  if (daemon.state === "running") {
    await daemon.stop();
  } else if (!(await daemon.endSilent())) {
    throw new NothingToDo("no server runs");
  }
  messages.notice("the server was shut down, with all sessions. Evaluating starts it again");
};
