// Evaluate Selection or Statement.

import { codeOf, evaluateAt, pythonEditor, type Run, tellOfOtherCarets } from "./command";
import { rerunFailed } from "./rerunFromHere";

export const evalRun: Run = async (context) => {
  const editor = pythonEditor();
  const { isEmpty } = editor.selection;
  const shown = context.captured.atCursor(editor);
  const inCall = shown === undefined ? {} : { call: shown.call };
  const place = { ...codeOf(editor), ...inCall };
  tellOfOtherCarets(context, editor);
  if (isEmpty && (await rerunFailed(context)) !== undefined) {
    return;
  }
  await evaluateAt(context, place);
};
