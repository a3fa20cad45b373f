// Revert Patch: of the definition at the cursor, or the one that a code action or the list names.

import { revertPatchCommand } from "../protocol";
import type { Run } from "./command";
import { changeAtCursor, changeNamed, isNamed } from "./definition";

export const revertPatchRun: Run = async (context, argument) => {
  if (isNamed(argument)) {
    await changeNamed(context, revertPatchCommand, { uri: argument.uri, name: argument.name });
  } else {
    await changeAtCursor(context, revertPatchCommand);
  }
};
