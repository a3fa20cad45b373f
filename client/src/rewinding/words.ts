// Going back, in words: what it would do, and what it did. No vscode.

import { duration } from "../annotations/duration";
import type { Tone } from "../annotations/receipt";
import type { Checkpoint, RerunFromHere, RerunOffer, Rewind, RewindOffer } from "../protocol.gen";

/** More of them would make a dialog nobody reads. */
const MAX_TOLD = 8;
/** From here on somebody waits for what runs again, and would rather be asked. */
const LONG_MS = 1000;
/** Between a step and what it does once more. */
const AGAIN = " runs again:";
/** Of what nothing watched. */
const LEFT = "what it may have done outside is not undone";

/**
 * Whether it has to be asked about: it takes its time, or leaves something that is not as it was. Of what nothing watched
 * that is not known, and to be asked about each step with a call in it would be to press a key twice; it is told afterwards.
 */
export function isAsked(offer: RewindOffer): boolean {
  const isReplay = offer.by === "replay" && offer.again.length > 0;
  return isReplay || offer.warnings.length > 0 || runsLong(offer);
}

function runsLong({ again, lastReplayMs }: RewindOffer): boolean {
  return again.length > MAX_TOLD || (lastReplayMs ?? 0) >= LONG_MS;
}

/** The checkpoint that is gone back to: the nearest one before, if it is none that runs all again. */
export function checkpointOf(
  { by, evaluation }: RewindOffer,
  checkpoints: readonly Checkpoint[],
): Checkpoint | undefined {
  return by === "checkpoint"
    ? checkpoints.findLast((each) => each.evaluation <= evaluation)
    : undefined;
}

export function question({ label, discards }: RewindOffer): string {
  return `Go back to before “${label}”? ${counted(discards, "evaluation")} will be undone.`;
}

/** What there is to know before it: a paragraph for each. */
export function details(offer: RewindOffer, checkpoint?: Checkpoint): string {
  return [
    offer.by === "checkpoint" ? fromCheckpoint(offer, checkpoint) : replaying(offer),
    listOf("What runs again:", runAgain(offer)),
    listOf(
      "Not as it was:",
      offer.warnings.filter((each) => !isOf(each, offer.again)),
    ),
    listOf("Undone, but not what it may have done outside of the process:", offer.unwatched),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** With what there is to know of each, which is said once. Those come first if the list is cut. */
function runAgain({ again, warnings }: RewindOffer): string[] {
  const all = again.flatMap((label) => {
    const told = warnings.filter((each) => isOf(each, [label]));
    return told.length === 0 ? [label] : told.map((each) => each.replace(AGAIN, ":"));
  });
  const isTold = (each: string): number => Number(!again.includes(each));
  return all.length > MAX_TOLD ? all.sort((one, other) => isTold(other) - isTold(one)) : all;
}

function isOf(warning: string, again: readonly string[]): boolean {
  return again.some((label) => warning.startsWith(`${label}${AGAIN}`));
}

function fromCheckpoint(offer: RewindOffer, checkpoint: Checkpoint | undefined): string {
  const made =
    checkpoint === undefined
      ? "a checkpoint"
      : `the checkpoint of ${new Date(checkpoint.at).toLocaleTimeString()}`;
  const { length } = offer.again;
  const runs =
    length === 0
      ? "nothing runs again"
      : `${counted(length, "step")} ${length === 1 ? "runs" : "run"} again${took(offer)}`;
  return `By ${made}: ${runs}.`;
}

function replaying(offer: RewindOffer): string {
  const { again, whyNot } = offer;
  const runs =
    again.length === 0
      ? "a new process starts"
      : `a new process runs ${counted(again.length, "step")} again${took(offer)}`;
  const why = whyNot === undefined ? "" : ` (${whyNot})`;
  return `There is no checkpoint before it${why}: ${runs}.`;
}

function took({ lastReplayMs }: RewindOffer): string {
  return lastReplayMs === null ? "" : `, which took ${duration(lastReplayMs)} last time`;
}

function listOf(heading: string, items: readonly string[]): string {
  return items.length === 0 ? "" : [heading, ...told(items).map((item) => `• ${item}`)].join("\n");
}

export function rerunQuestion({ back, runs }: RerunOffer): string {
  const undone = `${counted(back.discards, "evaluation")} will be undone`;
  return `Run again from “${back.label}”? ${undone}, then ${runs.length} will run.`;
}

/** Also what runs from there on, in its order. */
export function rerunDetails({ back, runs }: RerunOffer, checkpoint?: Checkpoint): string {
  return [details(back, checkpoint), listOf("What runs then:", runs)]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Whether it did not come to its end. */
export function hasFailed({ session, ran, left }: RerunFromHere): boolean {
  const isBack = session.rewind !== undefined && session.rewind.failed === undefined;
  return !isBack || left.length > 0 || ran.some(({ status }) => status !== "ok");
}

/** What became of that, in one line. */
export function rerunOutcome(answer: RerunFromHere): string {
  const { session, ran, left } = answer;
  const { warnings = [], unwatched = [], replayed = 0 } = session.rewind ?? {};
  return [
    `${counted(ran.length, "statement")} ran once more from here`,
    ...(replayed > 0 ? [`${counted(replayed, "step")} before it ran again`] : []),
    ...(hasFailed(answer) ? [`stopped where it failed, with ${left.length} left`] : []),
    ...(warnings.length > 0 ? [`not as it was: ${told(warnings).join("; ")}`] : []),
    ...(unwatched.length > 0 ? [LEFT] : []),
  ].join(" · ");
}

/** What became of it, in one line. */
export function outcome(rewind: Rewind): { text: string; tone: Tone } {
  const { warnings, unwatched, failed, stoppedAt, replayed } = rewind;
  const part = "only part of what led here ran again";
  if (stoppedAt !== undefined) {
    return { text: `${part}, until it failed at “${stoppedAt}”: ${failed}`, tone: "bad" };
  }
  if (failed !== undefined) {
    return { text: `${part}: ${failed}`, tone: "warning" };
  }
  const done = "back to before this";
  const [only, ...others] = warnings;
  if (only === undefined) {
    const again = replayed === 0 ? [] : [ranAgain(rewind)];
    const left = unwatched.length === 0 ? [] : [LEFT];
    return { text: [done, ...again, ...left].join(" · "), tone: "good" };
  }
  const not = others.length === 0 ? only : `${warnings.length} things are not as they were`;
  return { text: `${done} · ${not}`, tone: "warning" };
}

/** By what it was, and what ran again for it. */
export function wayBack(rewind: Rewind): string {
  const by = rewind.by === "checkpoint" ? "By a checkpoint" : "By a new process";
  return `${by}: ${rewind.replayed === 0 ? "nothing ran again" : ranAgain(rewind)}.`;
}

function ranAgain({ replayed }: Rewind): string {
  return `${counted(replayed, "step")} ran again`;
}

function told(items: readonly string[]): string[] {
  const rest = items.length - MAX_TOLD;
  return [...items.slice(0, MAX_TOLD), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
