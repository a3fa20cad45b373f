// Where interpreters are chosen, in the order in which they are asked.

import type { LogOutputChannel } from "vscode";
import { Environments } from "./environment";
import { environmentsExtensionProvider } from "./environmentsExtension";
import { pythonExtensionProvider } from "./pythonExtension";
import { settingProvider } from "./setting";
import { machineProvider, workspaceEnvironmentProvider } from "./workspaceEnvironment";

/** The first to know one chooses. */
export function environmentsOf(log: LogOutputChannel): Environments {
  const providers = [
    settingProvider,
    environmentsExtensionProvider(log),
    pythonExtensionProvider(log),
    workspaceEnvironmentProvider,
    machineProvider,
  ];
  return new Environments(providers, log);
}
