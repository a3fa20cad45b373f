// Evaluate Selection or Statement.

import { evaluateAt, placeOf, pythonEditor, type Run, uriOf } from "./command";

export const evalRun: Run = async (context) => {
  const editor = pythonEditor();
  await evaluateAt(context, { uri: uriOf(editor), ...placeOf(editor) });
};
