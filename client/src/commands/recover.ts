// Recover Session and Continue Recovery, and the keys in the recovery list.

import { window } from "vscode";
import { NothingToDo } from "../errors";
import { counted, howItEnded, type Life, type Offer } from "../recovery/recoveries";
import { folderName } from "../recovery/replays";
import type { Run } from "./command";

interface LifeOfFolder extends Life {
  readonly folder: string;
}

/** Of a life that is named, or the one that is offered, or one that is chosen among all. */
export const recoverRun: Run = async ({ recovery }, argument) => {
  const { offers } = recovery.recoveries;
  const [offered] = offers;
  if (isLife(argument)) {
    await recovery.open(argument.folder, argument);
  } else if (offered !== undefined && offers.length === 1) {
    await recovery.open(offered.folder, offered);
  } else if (offers.length > 1) {
    const chosen = await pickOffer(offers);
    await (chosen && recovery.open(chosen.folder, chosen));
  } else {
    await recovery.choose();
  }
};

async function pickOffer(offers: readonly Offer[]): Promise<Offer | undefined> {
  const items = offers.map((offer) => ({
    label: folderName(offer.folder),
    description: `${counted(offer.evaluations)} · ${howItEnded(offer.reason)}`,
    offer,
  }));
  return (await window.showQuickPick(items, { title: "Recover Session" }))?.offer;
}

function isLife(argument: unknown): argument is LifeOfFolder {
  return (
    typeof argument === "object" &&
    argument !== null &&
    "folder" in argument &&
    typeof argument.folder === "string" &&
    "session" in argument &&
    typeof argument.session === "string" &&
    "life" in argument &&
    typeof argument.life === "number"
  );
}

export const continueRecoveryRun: Run = async ({ recovery }) => {
  const unfinished = recovery.recoveries.unfinished.at(-1);
  if (unfinished === undefined) {
    throw new NothingToDo("no recovery has stopped before its end");
  }
  await recovery.goOn(unfinished);
};

export const recoveryLeaveOutRun: Run = ({ recovery }) => recovery.list?.leaveOutLast();
export const recoveryDefinitionsRun: Run = ({ recovery }) => recovery.list?.onlyHarmless();
export const recoveryAllRun: Run = ({ recovery }) => recovery.list?.all();
export const recoveryShowRun: Run = ({ recovery }) => recovery.list?.showActive();
export const recoveryOthersRun: Run = ({ recovery }) => recovery.list?.others();
