// The single gate for starting a process: opening a folder runs nothing, and neither does an untrusted one.

import { type Event, workspace } from "vscode";
import { UserError } from "./errors";

declare const granted: unique symbol;

/** Proof that the user trusts the workspace. Whatever starts a process asks for one. */
export interface Trusted {
  readonly [granted]: true;
}

export const onDidGrantTrust: Event<void> = workspace.onDidGrantWorkspaceTrust;

export function isTrusted(): boolean {
  return workspace.isTrusted;
}

export function requireTrust(): Trusted {
  if (!workspace.isTrusted) {
    throw new UserError(
      "Relive runs the code of this workspace, so it does nothing before you trust the workspace.",
      { title: "Manage Workspace Trust", command: "workbench.trust.manage" },
    );
  }
  // SAFETY: the only place that makes one, after the check above; trust is never taken back while the window lives.
  return {} as Trusted;
}
