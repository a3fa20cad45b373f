// Call Function at Cursor…: with the arguments it was called with the last time, or others.

import { window } from "vscode";
import { NothingToDo } from "../errors";
import { suggestedCall } from "../evaluation/calls";
import { requireTrust } from "../trust";
import { pythonEditor, type Run, uriOf } from "./command";

export const callFunctionRun: Run = async (context) => {
  const editor = pythonEditor();
  const uri = uriOf(editor);
  const position = editor.selection.active;
  const target = await context.daemon.target(requireTrust(), {
    uri,
    position,
    scope: "definition",
  });
  if (!target?.name) {
    throw new NothingToDo("there is no function at the cursor");
  }
  const call = { uri, name: target.name, range: target.range };
  const value = context.calls.last(call) ?? suggestedCall(target.name);
  const inside = value.lastIndexOf(")");
  const expression = await window.showInputBox({
    title: `Call ${target.name}`,
    prompt: "The call to evaluate in the file's module. Enter runs it.",
    value,
    valueSelection: [inside, inside],
  });
  if (expression?.trim()) {
    await context.call(call, expression);
  }
};
