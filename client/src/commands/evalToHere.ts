// Evaluate to Here: everything from the file's start up to and with the statement at the cursor.

import { evaluateAt, pythonEditor, type Run, uriOf } from "./command";

export const evalToHereRun: Run = async (context) => {
  const editor = pythonEditor();
  const position = editor.selection.active;
  await evaluateAt(context, { uri: uriOf(editor), scope: "toHere", position });
};
