// Calls of a function that are captured: begin, stop, choose one, evaluate in one, run one again.

import { window } from "vscode";
import { captureCallsCommand, stopCapturingCommand } from "../captured/protocol";
import { listed } from "../captured/words";
import type { Context } from "../context";
import { keyOf } from "../documents";
import { NothingToDo } from "../errors";
import type { CapturedCall } from "../protocol.gen";
import { requireTrust } from "../trust";
import { codeOf, evaluateAt, pythonEditor, type Run, uriOf } from "./command";
import { isNamed } from "./definition";

export const captureCallsRun: Run = async (context, argument) => {
  const which = isNamed(argument) ? { uri: argument.uri, name: argument.name } : atCursor();
  const told = await context.daemon.execute(requireTrust(), captureCallsCommand, which);
  await context.captured.ask();
  context.messages.notice(
    told.why === undefined
      ? `The next calls of ${told.name} are captured.`
      : `Calls of ${told.name} are not captured: ${told.why}`,
  );
};

export const stopCapturingRun: Run = async (context, argument) => {
  const which = isNamed(argument) ? { uri: argument.uri, name: argument.name } : {};
  context.captured.take(await context.daemon.execute(requireTrust(), stopCapturingCommand, which));
};

export const chooseCallRun: Run = async (context, argument) => {
  const shown = callOf(context, argument);
  const calls = context.captured.calls(keyOf(pythonEditor().document), shown.name);
  const items = calls.map((call) => ({ ...listed(call), call }));
  const chosen = await window.showQuickPick(items, { title: `Captured calls of ${shown.name}` });
  if (chosen !== undefined) {
    context.captured.choose(chosen.call);
  }
};

export const evalInCallRun: Run = async (context) => {
  const { call } = callOf(context, undefined);
  const editor = pythonEditor();
  await evaluateAt(context, { ...codeOf(editor), call });
};

export const runAgainRun: Run = async (context, argument) => {
  await context.callAgain(callOf(context, argument));
};

/** The call that a link names, or the one that is shown of the function at the cursor. */
function callOf({ captured }: Context, argument: unknown): CapturedCall {
  const number = isNamed(argument) && "call" in argument ? Number(argument.call) : undefined;
  const call = number === undefined ? captured.atCursor(pythonEditor()) : captured.byNumber(number);
  if (call === undefined) {
    throw new NothingToDo(
      "there is no captured call here: choose Capture Calls of This Function, and call it",
    );
  }
  return call;
}

function atCursor() {
  const editor = pythonEditor();
  return { uri: uriOf(editor), position: editor.selection.active };
}
