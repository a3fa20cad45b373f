// Evaluate Cell: the code between the lines such as `# %%` around the cursor.

import { evaluateAt, pythonEditor, type Run, uriOf } from "./command";

export const evalCellRun: Run = async (context) => {
  const editor = pythonEditor();
  const position = editor.selection.active;
  await evaluateAt(context, { uri: uriOf(editor), scope: "cell", position });
};
