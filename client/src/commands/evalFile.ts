// Evaluate File: the text of the editor, saved or not.

import { evaluateAt, pythonEditor, type Run, uriOf } from "./command";

export const evalFileRun: Run = async (context) => {
  await evaluateAt(context, { uri: uriOf(pythonEditor()), scope: "file" });
};
