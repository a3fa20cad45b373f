// What is said of a definition's state: in words, as an icon, in a colour.

import type { DefinitionState } from "../protocol.gen";
import { isEdited } from "./known";

export type StateName = DefinitionState["state"];

interface Look {
  readonly icon: string;
  readonly color: string;
}

/** Each has a shape of its own: colours alone tell not everybody. */
export const LOOKS: Readonly<Record<StateName, Look>> = {
  edited: { icon: "circle-filled", color: "relive.editedForeground" },
  failed: { icon: "error", color: "relive.failedForeground" },
  "old body running": { icon: "watch", color: "relive.oldBodyForeground" },
  "in sync": { icon: "pass", color: "relive.inSyncForeground" },
  "not loaded": { icon: "circle-outline", color: "relive.notLoadedForeground" },
};

/** In short, behind the name. */
export function summary(item: DefinitionState): string {
  return [item.state, ...leftovers(item)].join(" · ");
}

/** All that is known, a line each. */
export function details(item: DefinitionState): string[] {
  const { reason, running = [] } = item;
  return [
    MEANINGS[item.state],
    ...(reason === undefined ? [] : [reason]),
    ...running.map((who) => `Old body: ${who}`),
    ...leftovers(item),
  ];
}

export function leftovers({ oldInstances = 0, holders = 0 }: DefinitionState): string[] {
  return [
    ...(oldInstances > 0 ? [`${counted(oldInstances, "object")} made before`] : []),
    ...(holders > 0 ? [`${counted(holders, "place")} with a replaced object`] : []),
  ];
}

/** How many are edited, as the status bar and a file's badge say it. */
export function editedCount(items: readonly DefinitionState[]): string {
  return `${items.filter(isEdited).length} edited`;
}

export function counted(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

const MEANINGS: Readonly<Record<StateName, string>> = {
  edited: "The process runs another text of it.",
  failed: "The process runs another text of it, and did not take this one.",
  "old body running": "Calls run this text; what began before goes on with the old one.",
  "in sync": "The process runs this text.",
  "not loaded": "The process does not have it.",
};
