// What a result says of a form that is marked to be kept: behind its value, and in its hover.

import type { Kept } from "../protocol.gen";
import type { Content } from "./content";
import { duration } from "./duration";
import { codeSpan } from "./plainText";

export function keptOf(content: Content): Kept | undefined {
  return "run" in content ? content.run.kept : undefined;
}

/** A few words at the line's end. */
export function keptInline(content: Content): string {
  const kept = keptOf(content);
  switch (kept?.state) {
    case "taken":
      return kept.tookMs === undefined
        ? "· kept value"
        : `· kept value of ${duration(kept.tookMs)}`;
    case "stored":
      return "· kept";
    case "refused":
      return "· not kept";
    default:
      return "";
  }
}

/** A sentence in the hover. */
export function keptText(content: Content): string[] {
  const kept = keptOf(content);
  if (kept === undefined) {
    return [];
  }
  const reason = kept.reason === undefined ? "" : ` ${codeSpan(kept.reason)}`;
  switch (kept.state) {
    case "taken":
      return [`Not run: this value was kept${moment(kept)}${ran(kept)}.`];
    case "stored":
      return [
        `Kept: next time it is taken, as long as all it was made from is the same.${reason}`.trim(),
      ];
    case "refused":
      return [`Not kept:${reason}`];
  }
}

function moment({ at }: Kept): string {
  return at === undefined ? "" : ` on ${new Date(at).toLocaleString()}`;
}

function ran({ tookMs }: Kept): string {
  return tookMs === undefined ? "" : `, when the code ran for ${duration(tookMs)}`;
}
