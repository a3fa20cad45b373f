// What can be done in the view Definitions, and how it is brought up.

import { NothingToDo } from "../errors";
import { definitionsCommand } from "../protocol";
import { requireTrust } from "../trust";
import { showPlace } from "../views/frames";
import type { Run } from "./command";
import { isNamed } from "./definition";

export const showDefinitionsRun: Run = ({ definitionsView }) => definitionsView.show();

/** From the status bar: what its number counts. */
export const showEditedRun: Run = async ({ definitionsView }) => {
  definitionsView.filter(true);
  await definitionsView.show();
};

export const definitionsFilterRun: Run = ({ definitionsView }) => definitionsView.filter(true);

export const definitionsAllRun: Run = ({ definitionsView }) => definitionsView.filter(false);

/** Where it stands by now: lines may have moved since its state was told. */
export const openDefinitionRun: Run = async ({ daemon }, argument) => {
  if (!isNamed(argument)) {
    throw new NothingToDo("choose a definition in the view Definitions first");
  }
  const { uri, name } = argument;
  const { items } = await daemon.execute(requireTrust(), definitionsCommand, { uri });
  const found = items.findLast((item) => item.name === name);
  if (found === undefined) {
    throw new NothingToDo(`${name} is not in the file any more`);
  }
  const { header } = found;
  await showPlace(uri, { start: header, end: header });
};
