// Redefine Class at Cursor: the whole class, wherever in it the cursor is.

import { NothingToDo } from "../errors";
import { requireTrust } from "../trust";
import { pythonEditor, type Run, uriOf } from "./command";
import { redefineNamed } from "./redefine";

export const redefineClassRun: Run = async (context) => {
  const editor = pythonEditor();
  const uri = uriOf(editor);
  const place = { uri, position: editor.selection.active, scope: "class" } as const;
  const target = await context.daemon.target(requireTrust(), place);
  if (target?.name == null) {
    throw new NothingToDo("there is no class at the cursor");
  }
  await redefineNamed(context, uri, target.name);
};
