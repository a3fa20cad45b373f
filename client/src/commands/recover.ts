// Recover Session and Continue Recovery, and the keys in the recovery list.

import { window } from "vscode";
import type { Context } from "../context";
import { NothingToDo } from "../errors";
import { recoverableCommand } from "../protocol";
import { counted, type Life, type Offer } from "../recovery/recoveries";
import { folderName } from "../recovery/replays";
import { requireTrust } from "../trust";
import type { Run } from "./command";

interface LifeOfFolder extends Life {
  readonly folder: string;
}

/** Of a life that is named, or one that is offered, or else the latest there is. */
export const recoverRun: Run = async (context, argument) => {
  const chosen = isLife(argument) ? argument : await chooseLife(context);
  if (chosen !== undefined) {
    await context.recovery.open(chosen.folder, chosen);
  }
};

async function chooseLife({ daemon, recovery }: Context): Promise<LifeOfFolder | undefined> {
  const { offers } = recovery.recoveries;
  if (offers.length > 1) {
    const items = offers.map((offer) => ({ ...rowOf(offer), offer }));
    return (await window.showQuickPick(items, { title: "Recover Session" }))?.offer;
  }
  if (offers[0] !== undefined) {
    return offers[0];
  }
  const latest = await daemon.execute(requireTrust(), recoverableCommand, {});
  if (latest === null) {
    throw new NothingToDo("there is nothing to recover");
  }
  return { ...latest, folder: latest.folder ?? "" };
}

function rowOf({ folder, evaluations, reason }: Offer) {
  return { label: folderName(folder), description: `${counted(evaluations)} · ${reason}` };
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
