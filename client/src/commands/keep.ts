// Values that are kept: marking a form, running one in spite of its kept value, forgetting all.

import { type CodeAction, commands, Range, workspace } from "vscode";
import { keptOf } from "../annotations/kept";
import { folderAtHand } from "../documents";
import { NothingToDo } from "../errors";
import { forgetKeptCommand, keepValueCommand } from "../protocol";
import { inFolder } from "../recovery/replays";
import { requireTrust } from "../trust";
import { evaluateAt, isNamedPosition, pythonEditor, type Run, resultOf } from "./command";

const KIND = "refactor.relive.keep";

/** The comment is put in or taken out by the daemon's code action, which other editors have too. */
export const keepValueRun: Run = async ({ daemon }, argument) => {
  if (isNamedPosition(argument)) {
    await daemon.execute(requireTrust(), keepValueCommand, argument);
    return;
  }
  const { document, selection } = pythonEditor();
  await daemon.start(requireTrust(), "user");
  const at = new Range(selection.active, selection.active);
  const found = await commands.executeCommand<CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    at,
    KIND,
  );
  const edit = found.find(({ kind }) => kind?.value === KIND)?.edit;
  if (edit === undefined) {
    throw new NothingToDo("only a statement that gives names their values can be kept");
  }
  await workspace.applyEdit(edit);
};

export const runAnywayRun: Run = async (context, argument) => {
  const { key, annotation } = resultOf(context, argument);
  if (keptOf(annotation.content) === undefined) {
    throw new NothingToDo("the value here is no kept one");
  }
  await evaluateAt(context, {
    uri: key,
    scope: "form",
    position: annotation.region.start,
    anew: true,
  });
};

export const forgetKeptRun: Run = async ({ daemon, messages }) => {
  const { removed } = await daemon.execute(
    requireTrust(),
    forgetKeptCommand,
    inFolder(folderAtHand()),
  );
  if (removed === 0) {
    throw new NothingToDo("no values are kept");
  }
  messages.notice(
    removed === 1 ? "1 kept value was forgotten" : `${removed} kept values were forgotten`,
  );
};
