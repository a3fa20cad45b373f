// Redefine Changed Definitions in File: brings the process up to date with the text, saved or not.

import type { Context } from "../context";
import { redefineCommand } from "../protocol";
import { requireTrust } from "../trust";
import { pythonEditor, type Run, uriOf } from "./command";

export const redefineChangedRun: Run = (context) => redefineChanged(context, uriOf(pythonEditor()));

export async function redefineChanged(context: Context, uri: string): Promise<void> {
  const answer = await context.daemon.execute(requireTrust(), redefineCommand, { uri });
  context.tell("Changed definitions", [uri], answer);
}
