// Show Patches: what runs, in libraries, as something else than what was loaded.

import { Range, Uri, window, workspace } from "vscode";
import { definitionLine } from "../annotations/definitionLine";
import { linesOfDocument } from "../documents";
import { NothingToDo } from "../errors";
import { patchesCommand, revertPatchCommand } from "../protocol";
import type { Patch } from "../protocol.gen";
import { requireTrust } from "../trust";
import { type PatchActions, PatchList } from "../views/patchList";
import { filesOf, type Run } from "./command";
import { revertPatchRun } from "./revertPatch";

export const showPatchesRun: Run = async (context) => {
  const { daemon, messages, resultDocuments } = context;
  const trusted = requireTrust();
  const actions: PatchActions = {
    all: async () => (await daemon.execute(trusted, patchesCommand, {})).items,
    open,
    compare: (patch) =>
      resultDocuments.compare(
        `${patch.name}.py`,
        { is: "as loaded", of: patch.original ?? "" },
        { is: "as it runs", of: patch.running ?? "" },
      ),
    revert: async (patch) => revertPatchRun(context, { uri: patch.uri, name: patch.name }),
    revertAll: async () => {
      const answer = await daemon.execute(trusted, revertPatchCommand, {});
      context.tell("All patches", filesOf(answer), answer);
    },
    fail: (failure) => messages.failure(failure),
  };
  const patches = await actions.all();
  if (patches.length === 0) {
    throw new NothingToDo("nothing is patched: libraries run as they were loaded");
  }
  new PatchList(patches, actions).show();
};

async function open({ uri, name, line }: Patch): Promise<void> {
  const document = await workspace.openTextDocument(Uri.parse(uri));
  const found = definitionLine(linesOfDocument(document), name) ?? line;
  const start = document.lineAt(Math.min(found, document.lineCount - 1)).range.start;
  await window.showTextDocument(document, { selection: new Range(start, start) });
}
