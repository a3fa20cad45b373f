// Values that are kept: marking a form, running one in spite of its kept value, forgetting all.

import { keptOf } from "../annotations/kept";
import { folderAtHand } from "../documents";
import { NothingToDo } from "../errors";
import { forgetKeptCommand, keepValueCommand } from "../protocol";
import { inFolder } from "../recovery/replays";
import { requireTrust } from "../trust";
import { evaluateAt, isNamedPosition, pythonEditor, type Run, resultOf, uriOf } from "./command";

/** The daemon has the comment put in or taken out, of the form a lens names or the one at the cursor. */
export const keepValueRun: Run = async ({ daemon }, argument) => {
  const form = isNamedPosition(argument) ? argument : atCursor();
  await daemon.execute(requireTrust(), keepValueCommand, form);
};

function atCursor() {
  const editor = pythonEditor();
  return { uri: uriOf(editor), position: editor.selection.active };
}

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
