// The list of the processes that have ended, and whose evaluations can run again.

import { window } from "vscode";
import { ended, lifeDescription, lifeLabel } from "../changelog/lifeWords";
import { NothingToDo } from "../errors";
import type { Life } from "../protocol.gen";

/** Lets the user choose one, the latest first. */
export async function pickLife(lives: readonly Life[]): Promise<Life | undefined> {
  const now = new Date();
  const items = ended(lives).map((life) => ({
    label: lifeLabel(life, now),
    description: lifeDescription(life),
    life,
  }));
  if (items.length === 0) {
    throw new NothingToDo("there is nothing to recover");
  }
  const options = { title: "Recover Session", placeHolder: "Whose evaluations are to run again?" };
  return (await window.showQuickPick(items, options))?.life;
}
