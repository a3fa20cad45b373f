// Restart Session: a new process, in the interpreter that is chosen now.

import { workspace } from "vscode";
import { restartCommand } from "../protocol";
import { requireTrust } from "../trust";
import type { Run } from "./command";

export const restartRun: Run = async ({ daemon, environments, messages }) => {
  const trusted = requireTrust();
  if (daemon.state === "running") {
    const chosen = await environments.interpreter(workspace.workspaceFolders?.[0]);
    if (chosen !== daemon.interpreter) {
      await daemon.stop();
    }
  }
  await daemon.execute(trusted, restartCommand, {});
  messages.notice("the session was restarted");
};
