// Select What Would Be Evaluated.

import { Range, Selection } from "vscode";
import { NothingToDo } from "../errors";
import { requireTrust } from "../trust";
import { codeOf, pythonEditor, type Run } from "./command";

export const selectTargetRun: Run = async (context) => {
  const editor = pythonEditor();
  const place = codeOf(editor);
  const target = await context.daemon.target(requireTrust(), place);
  if (target === null) {
    throw new NothingToDo("there is no code to evaluate here");
  }
  const { start, end } = target.range;
  editor.selection = new Selection(start.line, start.character, end.line, end.character);
  editor.revealRange(new Range(editor.selection.start, editor.selection.end));
};
