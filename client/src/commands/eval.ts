// Evaluate Selection or Statement.

import { evaluateAt, placeOf, pythonEditor, type Run, uriOf } from "./command";
import { rerunFailed } from "./rerunFromHere";

export const evalRun: Run = async (context) => {
  const editor = pythonEditor();
  if (editor.selection.isEmpty && (await rerunFailed(context)) !== undefined) {
    return;
  }
  const shown = context.captured.atCursor(editor);
  const inCall = shown === undefined ? {} : { call: shown.call };
  await evaluateAt(context, { uri: uriOf(editor), ...placeOf(editor), ...inCall });
};
