// A redefinition's outcome in one line.

import type { DefinitionChange, Redefinition, Undo } from "../protocol.gen";
import { headline } from "./content";

type Outcome = DefinitionChange["outcome"] | "reverted";

/** What changes a definition, the strongest first. */
export const CHANGES = ["redefined", "added", "removed", "reverted"] as const;

export type Tone = "good" | "warning" | "bad";

export interface Receipt {
  readonly mark: "✓" | "⚠" | "✗";
  readonly text: string;
  readonly tone: Tone;
}

/** A redefinition, which may be that of an undo. */
export type Told = Redefinition & Pick<Undo, "undone">;

/** An undo changes what runs; what the file says is the user's. */
const NOT_IN_FILE = "in the process, not in the file";

export function receipt({ status, definitions, error, undone }: Told): Receipt {
  if (error !== null) {
    return { mark: "✗", text: headline(error), tone: "bad" };
  }
  const reason = definitions.find((change) => change.reason)?.reason ?? null;
  if (status === "refused" || status === "error") {
    const why = reason ?? "it cannot be changed in place";
    return { mark: "✗", text: `not redefined · ${why}`, tone: "bad" };
  }
  const parts =
    undone === undefined
      ? [outcome(definitions), ...reach(definitions)]
      : ["undone", ...reach(definitions), NOT_IN_FILE];
  return status === "partial"
    ? { mark: "⚠", text: [...parts, reason ?? "not everywhere"].join(" · "), tone: "warning" }
    : { mark: "✓", text: parts.join(" · "), tone: "good" };
}

/** The strongest outcome stands for all. */
function outcome(definitions: readonly DefinitionChange[]): string {
  return CHANGES.find((one) => definitions.some((each) => outcomeOf(each) === one)) ?? "unchanged";
}

/** What became of a definition; that it is again what was loaded says more than how. */
export function outcomeOf({ outcome, patch }: DefinitionChange): Outcome {
  return patch === "reverted" && outcome !== "unchanged" ? "reverted" : outcome;
}

function reach(definitions: readonly DefinitionChange[]): string[] {
  const changed = definitions.filter(({ outcome }) => outcome !== "unchanged");
  const reached = [
    count(instances(changed), "instance"),
    count(sum(changed.map(({ referencesUpdated }) => referencesUpdated)), "alias", "aliases"),
  ].filter((part) => part !== "");
  const uncounted = changed.some(({ atLeast }) => atLeast === true);
  return [
    ...(definitions.some(({ patch }) => patch === "patched") ? ["patched"] : []),
    ...(changed.length > 1 ? [`${changed.length} definitions`] : []),
    ...reached.map((part) => (uncounted ? `at least ${part}` : part)),
  ];
}

/** Those of a class are the same ones for each of its methods. */
function instances(changes: readonly DefinitionChange[]): number {
  const most = new Map<string, number>();
  for (const { kind, name, instancesUpdated } of changes) {
    const owner = kind === "class" ? name : name.slice(0, Math.max(0, name.lastIndexOf(".")));
    most.set(owner, Math.max(most.get(owner) ?? 0, instancesUpdated));
  }
  return sum([...most.values()]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function count(total: number, one: string, many = `${one}s`): string {
  return total === 0 ? "" : `${total} ${total === 1 ? one : many}`;
}
