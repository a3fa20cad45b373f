// Re-run From Here: back to before the form at the cursor, then it and what followed once, as they stand now.

import { workspace } from "vscode";
import { evaluationOf } from "../annotations/lifecycle";
import { withoutLinks } from "../annotations/plainText";
import type { Context } from "../context";
import type { RerunFromHereParams, RerunOffer } from "../protocol.gen";
import { checkpointFor, isConfirmed } from "../rewinding/asking";
import { rerunFromHereCommand, rerunOfferCommand } from "../rewinding/protocol";
import { hasFailed, isAsked, rerunDetails, rerunOutcome, rerunQuestion } from "../rewinding/words";
import { requireTrust } from "../trust";
import { isReference, newestAtCursor, pythonEditor, type Run, resultOf, uriOf } from "./command";

const RUN = "Run From Here";

export const rerunFromHereRun: Run = async (context, argument) => {
  await fromHere(context, isReference(argument) ? ofResult(context, argument) : atCursor());
};

/** How code that failed ran again; `undefined`: it was not to. */
export type Rerun = "ran" | "failed" | "left" | undefined;

/** Does so for code that failed and is about to be evaluated again, if the user has wished it. */
export async function rerunFailed(context: Context): Promise<Rerun> {
  const { key, annotation } = newestAtCursor(context);
  const evaluation = annotation && evaluationOf(annotation);
  if (!isWished(context) || annotation?.content.kind !== "error" || evaluation === undefined) {
    return undefined;
  }
  return fromHere(context, { uri: key, evaluation, failed: true });
}

/** Code that runs in a captured call binds in a copy: there is nothing to go back for, and the call would be gone. */
function isWished({ captured }: Context): boolean {
  const isInCall = captured.atCursor(pythonEditor()) !== undefined;
  return !isInCall && workspace.getConfiguration("relive").get("rewind.rerunFailed", false);
}

function ofResult(context: Context, argument: unknown): RerunFromHereParams {
  const { key, annotation } = resultOf(context, argument);
  const evaluation = evaluationOf(annotation);
  return evaluation === undefined
    ? { uri: key, position: annotation.region.start }
    : { uri: key, evaluation };
}

function atCursor(): RerunFromHereParams {
  const editor = pythonEditor();
  return { uri: uriOf(editor), position: editor.selection.active };
}

async function fromHere(context: Context, params: RerunFromHereParams): Promise<Rerun> {
  const trusted = requireTrust();
  const offer = await context.daemon.execute(trusted, rerunOfferCommand, params);
  if (isAsked(offer.back) && !(await isWanted(context, offer, params.uri))) {
    return "left";
  }
  const answer = await context.daemon.execute(trusted, rerunFromHereCommand, params);
  const { rewind } = answer.session;
  if (rewind?.failed !== undefined) {
    const generation = context.evaluations.nextGeneration();
    context.store.noteRewind(offer.back.knownAs, rewind, generation);
  }
  context.messages.notice(withoutLinks(rerunOutcome(answer)));
  return hasFailed(answer) ? "failed" : "ran";
}

async function isWanted({ daemon }: Context, offer: RerunOffer, uri: string): Promise<boolean> {
  const checkpoint = await checkpointFor(daemon, offer.back, uri);
  return isConfirmed(rerunQuestion(offer), rerunDetails(offer, checkpoint), RUN);
}
