// Redefine Function at Cursor, or what a lens or a code action names.

import type { Context } from "../context";
import { redefineCommand } from "../protocol";
import type { Run } from "./command";
import { changeAtCursor, changeNamed, isFile, isNamed } from "./definition";
import { redefineChanged } from "./redefineChanged";

export const redefineRun: Run = async (context, argument) => {
  if (isNamed(argument)) {
    await redefineNamed(context, argument.uri, argument.name);
  } else if (isFile(argument)) {
    await redefineChanged(context, argument.uri);
  } else {
    await changeAtCursor(context, redefineCommand);
  }
};

export async function redefineNamed(context: Context, uri: string, name: string): Promise<void> {
  await changeNamed(context, redefineCommand, { uri, name });
}
