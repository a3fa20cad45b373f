// Rewind to Before This and Undo Last Evaluation: asked where something is not as it was, told at the code.

import { window } from "vscode";
import { atCursor } from "../annotations/cursor";
import { type Annotation, evaluationOf } from "../annotations/lifecycle";
import { withoutLinks } from "../annotations/plainText";
import type { Context } from "../context";
import { NothingToDo } from "../errors";
import type { Rewind, RewindOffer, RewindOfferParams } from "../protocol.gen";
import { checkpointFor, isConfirmed } from "../rewinding/asking";
import { rewindCommand, rewindOfferCommand } from "../rewinding/protocol";
import { details, isAsked, outcome, question } from "../rewinding/words";
import { requireTrust } from "../trust";
import { reached } from "../walkthrough/milestones";
import { isReference, type Run } from "./command";
import { ofSession } from "./undo";

const GO_BACK = "Go Back";

export const rewindRun: Run = async (context, argument) => {
  const { key, annotations } = meantBy(context, argument);
  const evaluation = annotations.map(evaluationOf).find((each) => each !== undefined);
  if (evaluation === undefined) {
    throw new NothingToDo("there is no result here to go back to before");
  }
  await goBack(context, { evaluation, uri: key });
};

/** It goes back to before the one that was asked about, whatever has run since. */
export const undoEvaluationRun: Run = async (context) => {
  if (!context.status.hasProcess) {
    throw new NothingToDo("no evaluation is left to undo");
  }
  await goBack(context, ofSession());
};

function meantBy(
  { store }: Context,
  argument: unknown,
): { key: string; annotations: Annotation[] } {
  if (!isReference(argument)) {
    return atCursor(store);
  }
  const annotation = store.get(argument.uri, argument.id);
  return { key: argument.uri, annotations: annotation === undefined ? [] : [annotation] };
}

async function goBack(context: Context, params: RewindOfferParams): Promise<void> {
  const trusted = requireTrust();
  const offer = await context.daemon.execute(trusted, rewindOfferCommand, params);
  if (isAsked(offer) && !(await isWanted(context, offer, params.uri))) {
    return;
  }
  const { evaluation } = offer;
  const answer = await context.daemon.execute(trusted, rewindCommand, { ...params, evaluation });
  if (answer.rewind !== undefined) {
    reached("wentBack");
    await tell(context, offer, answer.rewind);
  }
}

async function isWanted(
  { daemon }: Context,
  offer: RewindOffer,
  uri: string | undefined,
): Promise<boolean> {
  const checkpoint = await checkpointFor(daemon, offer, uri);
  return isConfirmed(question(offer), details(offer, checkpoint), GO_BACK);
}

/** At the code that was gone back to before, or where it is not shown, in a message. */
async function tell(context: Context, { knownAs }: RewindOffer, rewind: Rewind): Promise<void> {
  const generation = context.evaluations.nextGeneration();
  if (context.store.noteRewind(knownAs, rewind, generation)) {
    return;
  }
  const { text, tone } = outcome(rewind);
  if (tone === "good") {
    context.messages.notice(text);
  } else {
    await window.showWarningMessage(`Relive: ${withoutLinks(text)}`);
  }
}
