// What lists say of the lives of processes, as the log has them. No vscode.

import { inList } from "../annotations/plainText";
import type { Life } from "../protocol.gen";
import { counted, howItEnded } from "../recovery/recoveries";
import { whenOf } from "./words";

const MAX_REASON = 100;

const ENDS: Readonly<Record<Life["how"], string>> = {
  running: "runs now",
  died: "died",
  stopped: "was stopped",
  restarted: "was restarted",
  closed: "ended with its window",
  unseen: "ended unexpectedly",
};

/** Those that have something to run again, and have ended. */
export function ended(lives: readonly Life[]): Life[] {
  return lives.filter(({ how, evaluations }) => how !== "running" && evaluations > 0);
}

export function lifeLabel({ evaluations, at }: Life, now: Date): string {
  return `${counted(evaluations)} · ${whenOf(at, now)}`;
}

export function lifeDescription({ how, reason, mark }: Life): string {
  const why = how === "died" && reason ? `: ${inList(howItEnded(reason), MAX_REASON)}` : "";
  const since = mark === undefined ? [] : [mark];
  return [ENDS[how] + why, ...since].join(" · ");
}
