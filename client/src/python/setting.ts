// The interpreter of the setting `relive.session.pythonPath`.

import { commands, type Memento, type WorkspaceFolder, window, workspace } from "vscode";
import { withoutLinks } from "../annotations/plainText";
import { UserError } from "../errors";
import type { EnvironmentProvider } from "./environment";
import { expand, isExecutable } from "./paths";

const SETTING = "relive.session.pythonPath";
/** Where it is remembered which choices the user has been told of. */
const TOLD = "interpreterToldOf";

export const settingProvider: EnvironmentProvider = {
  name: "the setting",

  async find(folder) {
    const value = workspace.getConfiguration(undefined, folder).get<string>(SETTING, "").trim();
    if (value === "") {
      return undefined;
    }
    const path = expand(value, folder?.uri.fsPath);
    if (!isExecutable(path)) {
      throw new UserError(`${SETTING} names ${path}, which is no program. Correct or clear it.`);
    }
    return path;
  },

  watch: (changed) =>
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SETTING)) {
        changed();
      }
    }),
};

/** What folders bring along is not run silently: says, once for each choice, that the workspace made it. */
export async function tellWhoChose(memory: Memento): Promise<void> {
  const told = [memory.get<string | string[]>(TOLD, [])].flat();
  const folders = workspace.workspaceFolders ?? [undefined];
  const chosen = new Set(folders.map(chosenByWorkspace).filter((path) => path !== undefined));
  const news = [...chosen].filter((path) => !told.includes(path));
  if (news.length === 0) {
    return;
  }
  await memory.update(TOLD, [...chosen]);
  const change = "Open Settings";
  const message = `This workspace's settings choose the Python that your code runs in: ${news.map(withoutLinks).join(", ")}`;
  if ((await window.showInformationMessage(message, change)) === change) {
    await commands.executeCommand("workbench.action.openWorkspaceSettings", SETTING);
  }
}

function chosenByWorkspace(folder: WorkspaceFolder | undefined): string | undefined {
  const values = workspace.getConfiguration(undefined, folder).inspect<string>(SETTING);
  const value = values?.workspaceFolderValue ?? values?.workspaceValue;
  return value?.trim() ? expand(value.trim(), folder?.uri.fsPath) : undefined;
}
