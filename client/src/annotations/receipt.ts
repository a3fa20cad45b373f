// A redefinition's outcome in one line.

import type { DefinitionChange, Redefinition } from "../protocol.gen";
import { headline } from "./content";

export type Tone = "good" | "warning" | "bad";

export interface Receipt {
  readonly mark: "✓" | "⚠" | "✗";
  readonly text: string;
  readonly tone: Tone;
}

export function receipt({ status, definitions, error }: Redefinition): Receipt {
  if (error !== null) {
    return { mark: "✗", text: headline(error), tone: "bad" };
  }
  const reason = definitions.find((change) => change.reason)?.reason ?? null;
  if (status === "refused" || status === "error") {
    const why = reason ?? "it cannot be changed in place";
    return { mark: "✗", text: `not redefined · ${why}`, tone: "bad" };
  }
  const parts = [outcome(definitions), ...reach(definitions)];
  return status === "partial"
    ? { mark: "⚠", text: [...parts, reason ?? "not everywhere"].join(" · "), tone: "warning" }
    : { mark: "✓", text: parts.join(" · "), tone: "good" };
}

/** The strongest outcome stands for all. */
function outcome(definitions: readonly DefinitionChange[]): string {
  const order = ["redefined", "added", "removed"] as const;
  return order.find((one) => definitions.some((change) => change.outcome === one)) ?? "unchanged";
}

function reach(definitions: readonly DefinitionChange[]): string[] {
  const changed = definitions.filter(({ outcome }) => outcome !== "unchanged");
  return [
    changed.length > 1 ? `${changed.length} definitions` : "",
    count(changed, "instancesUpdated", "instance"),
    count(changed, "referencesUpdated", "alias", "aliases"),
  ].filter((part) => part !== "");
}

function count(
  changes: readonly DefinitionChange[],
  field: "instancesUpdated" | "referencesUpdated",
  one: string,
  many = `${one}s`,
): string {
  const total = changes.reduce((sum, change) => sum + change[field], 0);
  return total === 0 ? "" : `${total} ${total === 1 ? one : many}`;
}
