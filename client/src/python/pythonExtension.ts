// The interpreter chosen in the Python extension.

import type { Event, LogOutputChannel, Uri } from "vscode";
import type { EnvironmentProvider } from "./environment";
import { OtherExtension } from "./otherExtension";
import { interpreterOf, isExecutable } from "./paths";

interface EnvironmentPath {
  readonly id: string;
  readonly path: string;
}

/** The part of its API that is used. */
interface Exports {
  readonly environments: {
    getActiveEnvironmentPath(resource: Uri | undefined): EnvironmentPath;
    resolveEnvironment(
      path: EnvironmentPath,
    ): Promise<{ executable: { uri?: { fsPath: string } } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: Event<unknown>;
  };
}

export function pythonExtensionProvider(log: LogOutputChannel): EnvironmentProvider {
  const extension = new OtherExtension<Exports>("ms-python.python", log);
  return {
    name: "the Python extension",
    find: (folder) =>
      extension.ask(async ({ environments }) => {
        const active = environments?.getActiveEnvironmentPath(folder?.uri);
        if (environments === undefined || active === undefined) {
          return undefined;
        }
        const resolved = await environments.resolveEnvironment(active);
        const path = resolved?.executable.uri?.fsPath ?? active.path;
        // An environment without Python in it is given as its folder.
        return isExecutable(path) ? path : interpreterOf(path);
      }),
    watch: (changed) =>
      extension.watch(({ environments }) =>
        environments?.onDidChangeActiveEnvironmentPath(changed),
      ),
  };
}
