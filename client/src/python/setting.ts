// The interpreter of the setting `relive.session.pythonPath`.

import { workspace } from "vscode";
import { UserError } from "../errors";
import type { EnvironmentProvider } from "./environment";
import { expand, isExecutable } from "./paths";

const SETTING = "relive.session.pythonPath";

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
