// The interpreter chosen in the Python Environments extension.

import type { Event, LogOutputChannel, Uri } from "vscode";
import type { EnvironmentProvider } from "./environment";
import { OtherExtension } from "./otherExtension";
import { isExecutable } from "./paths";

interface Invocation {
  readonly executable: string;
  readonly args?: readonly string[];
}

/** The part of its API that is used. */
interface Exports {
  getEnvironment(
    scope: Uri | undefined,
  ): Promise<{ execInfo?: { run?: Invocation; activatedRun?: Invocation } } | undefined>;
  onDidChangeEnvironment: Event<unknown>;
}

export function environmentsExtensionProvider(log: LogOutputChannel): EnvironmentProvider {
  const extension = new OtherExtension<Exports>("ms-python.vscode-python-envs", log);
  return {
    name: "the Python Environments extension",
    find: (folder) =>
      extension.ask(async (api) => {
        const environment = await api.getEnvironment?.(folder?.uri);
        const { activatedRun, run } = environment?.execInfo ?? {};
        return [activatedRun, run].find(isPlainInterpreter)?.executable;
      }),
    watch: (changed) => extension.watch((api) => api.onDidChangeEnvironment?.(changed)),
  };
}

/** A worker is an interpreter; a wrapper that needs arguments, as `conda run`, is not one. */
function isPlainInterpreter(invocation: Invocation | undefined): boolean {
  return (
    invocation !== undefined &&
    (invocation.args ?? []).length === 0 &&
    isExecutable(invocation.executable)
  );
}
