// Open Sample: a few lines to try things on, beside the walkthrough that tells of them.

import { ViewColumn, window, workspace } from "vscode";
import type { Run } from "./command";

export const openSampleRun: Run = async ({ sample }) => {
  const document = await workspace.openTextDocument(await sample.file());
  const editor = window.activeTextEditor;
  await window.showTextDocument(document, {
    viewColumn: editor === undefined ? ViewColumn.Beside : ViewColumn.Active,
    preview: false,
  });
};
