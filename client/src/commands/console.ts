// Open Console: a REPL on the session at hand, in the editor's terminal.

import { ThemeIcon, Uri, window } from "vscode";
import { folderAtHand } from "../documents";
import { UserError } from "../errors";
import { requireTrust } from "../trust";
import type { Run } from "./command";

export const consoleRun: Run = async ({ daemon }) => {
  const trusted = requireTrust();
  const folder = folderAtHand();
  if (!folder.startsWith("file:")) {
    throw new UserError("Open a folder first: a console is on the session of one.");
  }
  const path = Uri.parse(folder).fsPath;
  const { command, args } = await daemon.commandLine(trusted);
  // Transient: a console that is only drawn again after a reload would be dead.
  const terminal = window.createTerminal({
    name: "Relive Console",
    iconPath: new ThemeIcon("terminal"),
    shellPath: command,
    shellArgs: [...args, "console", path],
    cwd: path,
    isTransient: true,
  });
  terminal.show();
};
