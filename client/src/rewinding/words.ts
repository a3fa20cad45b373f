// Going back, in words: what it would do, and what it did. No vscode.

import { duration } from "../annotations/duration";
import type { Tone } from "../annotations/receipt";
import type { RerunFromHere, RerunOffer, Rewind, RewindOffer } from "../protocol.gen";

/** More of them would make a dialog nobody reads. */
const MAX_TOLD = 8;

/** Whether it has to be asked about: it takes its time, or leaves something that is not as it was. */
export function isAsked({ by, warnings }: RewindOffer): boolean {
  return by === "replay" || warnings.length > 0;
}

export function question({ label, discards }: RewindOffer): string {
  return `Go back to before “${label}”? ${counted(discards, "evaluation")} will be undone.`;
}

/** What there is to know before it: a paragraph for each. */
export function details(offer: RewindOffer): string {
  const warnings = told(offer.warnings).map((warning) => `• ${warning}`);
  const list = warnings.length === 0 ? [] : [["Not as it was:", ...warnings].join("\n")];
  return [...(offer.by === "replay" ? [replaying(offer)] : []), ...list].join("\n\n");
}

function replaying({ again, lastReplayMs, whyNot }: RewindOffer): string {
  const took = lastReplayMs === null ? "" : `, which took ${duration(lastReplayMs)} last time`;
  const runs =
    again.length === 0 ? "a new process starts" : `a new process runs ${again.length} again${took}`;
  const why = whyNot === undefined ? "" : ` (${whyNot})`;
  return `There is no checkpoint before it${why}: ${runs}.`;
}

export function rerunQuestion({ back, runs }: RerunOffer): string {
  const undone = `${counted(back.discards, "evaluation")} will be undone`;
  return `Run again from “${back.label}”? ${undone}, then ${runs.length} will run.`;
}

/** Also what runs from there on, in its order. */
export function rerunDetails({ back, runs }: RerunOffer): string {
  const list = ["What runs then:", ...told(runs).map((label) => `• ${label}`)].join("\n");
  return [details(back), list].filter((part) => part !== "").join("\n\n");
}

/** What became of that, in one line. */
export function rerunOutcome({ session, ran, left }: RerunFromHere): string {
  const warnings = session.rewind?.warnings ?? [];
  const failed = ran.some(({ status }) => status !== "ok") || left.length > 0;
  return [
    `${counted(ran.length, "statement")} ran once more from here`,
    ...(failed ? [`stopped where it failed, with ${left.length} left`] : []),
    ...(warnings.length > 0 ? [`not as it was: ${told(warnings).join("; ")}`] : []),
  ].join(" · ");
}

/** What became of it, in one line. */
export function outcome({ warnings, failed, stoppedAt }: Rewind): { text: string; tone: Tone } {
  if (failed !== undefined) {
    const where = stoppedAt === undefined ? "" : ` at “${stoppedAt}”`;
    return {
      text: `only part of what led here ran again, until it failed${where}: ${failed}`,
      tone: "bad",
    };
  }
  const done = "back to before this";
  const [only, ...others] = warnings;
  if (only === undefined) {
    return { text: done, tone: "good" };
  }
  const not = others.length === 0 ? only : `${warnings.length} things are not as they were`;
  return { text: `${done} · ${not}`, tone: "warning" };
}

function told(warnings: readonly string[]): string[] {
  const rest = warnings.length - MAX_TOLD;
  return [...warnings.slice(0, MAX_TOLD), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
