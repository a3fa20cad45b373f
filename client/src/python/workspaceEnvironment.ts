// The interpreter of the workspace's own `.venv`, and, failing that, the machine's `python3`.

import { join } from "node:path";
import type { EnvironmentProvider } from "./environment";
import { interpreterOf, onPath } from "./paths";

export const workspaceEnvironmentProvider: EnvironmentProvider = {
  name: "the workspace's .venv",
  find: async (folder) => folder && interpreterOf(join(folder.uri.fsPath, ".venv")),
};

export const machineProvider: EnvironmentProvider = {
  name: "the PATH",
  find: async () => onPath("python3", "python")[0],
};
