// Evaluate Selection or Statement.

import { evaluateAt, placeOf, pythonEditor, type Run, uriOf } from "./command";
import { rerunFailed } from "./rerunFromHere";

export const evalRun: Run = async (context) => {
  const editor = pythonEditor();
  const { isEmpty } = editor.selection;
  const shown = context.captured.atCursor(editor);
  const inCall = shown === undefined ? {} : { call: shown.call };
  // Before anything is waited for: by then the caret may be somewhere else.
  const place = { uri: uriOf(editor), ...placeOf(editor), ...inCall };
  if (isEmpty && (await rerunFailed(context)) !== undefined) {
    return;
  }
  await evaluateAt(context, place);
};
