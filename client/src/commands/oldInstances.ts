// Show Old Objects: those made before a change of their class, and what holds a replaced object.

import { type QuickPickItem, window } from "vscode";
import { inList } from "../annotations/plainText";
import { counted } from "../definitions/words";
import { NothingToDo } from "../errors";
import { oldInstancesCommand } from "../protocol";
import type { OldInstance } from "../protocol.gen";
import { requireTrust } from "../trust";
import type { Run } from "./command";
import { isNamed } from "./definition";

interface Item extends QuickPickItem {
  readonly old: OldInstance;
}

const LISTED = 200;

/** The one that is chosen is looked at in the results panel. */
export const oldInstancesRun: Run = async ({ daemon, exhibits, panel }, argument) => {
  if (!isNamed(argument)) {
    throw new NothingToDo("choose a definition in the view Definitions first");
  }
  const { uri, name } = argument;
  const params = { uri, name, start: 0, count: LISTED };
  const answer = await daemon.execute(requireTrust(), oldInstancesCommand, params);
  if ("gone" in answer || answer.items.length === 0) {
    throw new NothingToDo("none of these objects is left");
  }
  const listed = answer.total > LISTED ? `, ${LISTED} of them listed` : "";
  const chosen = await window.showQuickPick<Item>(answer.items.map(itemOf), {
    title: `Old Objects of ${name}: ${counted(answer.total, "object")}${listed}`,
    placeHolder: "Look at an object in the results panel",
    matchOnDescription: true,
  });
  if (chosen !== undefined) {
    const { value } = chosen.old;
    exhibits.open(uri, `old ${value.ref}`, value, 0);
    await panel.reveal();
  }
};

function itemOf(old: OldInstance): Item {
  const { text, type } = old.value;
  return { label: inList(text), description: inList(`${type} · ${old.why}`), old };
}
