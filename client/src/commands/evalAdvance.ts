// Evaluate and Advance: on to the next statement, if all went well and the user has not moved meanwhile.

import { Position, Range, Selection, type TextEditor, window } from "vscode";
import type { Context } from "../context";
import { requireTrust } from "../trust";
import { reached } from "../walkthrough/milestones";
import { codeOf, evaluateAt, pythonEditor, type Run, tellOfOtherCarets } from "./command";
import { rerunFailed } from "./rerunFromHere";

export const evalAdvanceRun: Run = async (context) => {
  const editor = pythonEditor();
  const before = editor.selection;
  tellOfOtherCarets(context, editor);
  if ((await wentWell(context, editor)) && isStillAt(editor, before)) {
    await advance(context, editor, before);
  }
};

async function wentWell(context: Context, editor: TextEditor): Promise<boolean> {
  const place = codeOf(editor);
  const rerun = editor.selection.isEmpty ? await rerunFailed(context) : undefined;
  if (rerun !== undefined) {
    return rerun === "ran";
  }
  const answer = await evaluateAt(context, place);
  return answer.status === "ok";
}

async function advance(context: Context, editor: TextEditor, before: Selection): Promise<void> {
  const target = await context.daemon.target(requireTrust(), codeOf(editor));
  if (!target?.next || !isStillAt(editor, before)) {
    return;
  }
  const next = new Position(target.next.line, target.next.character);
  editor.selection = new Selection(next, next);
  editor.revealRange(new Range(next, next));
  reached("advanced");
}

function isStillAt(editor: TextEditor, before: Selection): boolean {
  return window.activeTextEditor === editor && editor.selection.isEqual(before);
}
