// The extension's entry: makes the context and its commands, and takes them down again.

import type { ExtensionContext } from "vscode";
import type { ReliveApi } from "./api";
import { registerCommands } from "./commands";
import { Context } from "./context";

let context: Context | undefined;

export function activate(extension: ExtensionContext): ReliveApi {
  context = new Context(extension);
  extension.subscriptions.push(context, registerCommands(context));
  return context.api;
}

/** VS Code waits for this, so that the daemon has ended when the window has, unless it is to be kept. */
export async function deactivate(): Promise<void> {
  await context?.daemon.leave();
}
