// What edits do to an annotation: it moves, is stale, is current again, or is hidden with its text.

import { REWOUND } from "../protocol.gen";
import type { Content, Retry } from "./content";
import { type Evaluated, find, type Lines, reads, slice } from "./evaluated";
import {
  compare,
  type Edit,
  isEmpty,
  movePlace,
  moveRegion,
  type Region,
  sharesLine,
  written,
} from "./regions";

/**
 * What becomes of an annotation when its own text is edited.
 * `result`: it is stale until the text is again what it was. `note`: it goes, being about that text
 * only. `pending`: nothing, the code is running whatever the text says now.
 */
export type Nature = "result" | "note" | "pending";

export interface Annotation {
  readonly id: number;
  /** Counts evaluations: what comes from an older one never replaces what comes from a newer one. */
  readonly generation: number;
  readonly nature: Nature;
  /** Which line of the region it is shown at the end of. */
  readonly edge: "first" | "last";
  readonly content: Content;
  readonly region: Region;
  readonly state: "current" | "stale";
  /** The process it came from is gone; no edit makes it current again. */
  readonly expired: boolean;
  /** The daemon's name for the result; undefined for what is none. */
  readonly result: string | undefined;
  /** Why it is not true any more although its text is what it was, as what it came from is another. */
  readonly doubt: string | null;
}

/** Whether it says what is no longer so, by whatever cause: an edit of its own text undoes no other cause. */
export function isStale({ state, doubt }: Pick<Annotation, "state" | "doubt">): boolean {
  return state === "stale" || doubt !== null;
}

/** The evaluation that a result came from, as the daemon counts; of one that was undone, or of a process that is gone, none. */
export function evaluationOf({ result, expired, doubt }: Annotation): number | undefined {
  const number = Number.parseInt(result ?? "", 10);
  return Number.isNaN(number) || expired || doubt?.startsWith(REWOUND) ? undefined : number;
}

/** An annotation as it is kept: what edits change, and what they are judged by. */
export interface Kept extends Annotation {
  region: Region;
  state: "current" | "stale";
  expired: boolean;
  doubt: string | null;
  hidden: boolean;
  readonly evaluated: Evaluated | undefined;
  /** While the text is gone: how many lines below the place it was cut from it began. */
  depth: number;
}

/** The line at whose end an annotation is shown. */
export function displayLine({ region, edge }: Pick<Annotation, "region" | "edge">): number {
  return edge === "first" ? region.start.line : region.end.line;
}

/** What one change did. */
export interface Change {
  /** The annotations whose lines it wrote in. */
  readonly touched: Set<Kept>;
  /** Where it wrote: text that was not there before is on these lines, or begins just above. */
  readonly written: Region[];
  readonly undoing: boolean;
}

/** Moves annotations by one edit and notes what it did. */
export function move(
  kepts: Iterable<Kept>,
  edit: Edit,
  { touched, written: places }: Change,
): void {
  places.splice(0, places.length, ...places.map((place) => moveRegion(place, edit)), written(edit));
  for (const kept of kepts) {
    if (sharesLine(kept.region, edit.range)) {
      touched.add(kept);
    }
    moveOne(kept, edit);
  }
}

function moveOne(kept: Kept, edit: Edit): void {
  const region = moveRegion(kept.region, edit);
  if (isEmpty(region) && compare(region.start, edit.range.start) === 0) {
    kept.depth += kept.region.start.line - region.start.line;
  }
  kept.region = region;
  if (kept.content.kind === "error" && kept.content.retry !== null) {
    moveRetry(kept.content.retry, edit);
  }
}

function moveRetry(retry: Retry, edit: Edit): void {
  retry.missing = movePlace(retry.missing, edit);
  retry.target = moveRegion(retry.target, edit);
}

/** Decides what an annotation is, which was touched, stale or hidden, now that the text is this. */
export function settle(kept: Kept, change: Change, text: Lines): void {
  const line = whereAgain(kept, change, text);
  if (kept.evaluated !== undefined && line !== undefined) {
    kept.region = wholeLines(line, line + kept.evaluated.lines.length - 1, text);
    kept.hidden = false;
    kept.depth = 0;
    kept.state = kept.expired ? "stale" : "current";
  } else {
    kept.hidden = isBlank(kept.region, text);
    kept.state = "stale";
  }
}

/** The line from which on the text is again what was evaluated, if the change has made it so. */
function whereAgain(kept: Kept, change: Change, text: Lines): number | undefined {
  const { evaluated, region, hidden } = kept;
  if (evaluated === undefined) {
    return undefined;
  }
  const expected = region.start.line + kept.depth;
  if (!isEmpty(region) && reads(text, expected, evaluated)) {
    return expected;
  }
  const above = evaluated.lines.length - 1;
  for (const { start, end } of change.written) {
    const line = find(text, evaluated, expected, start.line - above, end.line);
    if (line === undefined) {
      continue;
    }
    const near = Math.abs(line - expected) <= evaluated.lines.length;
    const pasted = hidden && line >= start.line && line + above <= end.line;
    if (near || pasted || change.undoing) {
      return line;
    }
  }
  return undefined;
}

function isBlank({ start, end }: Region, text: Lines): boolean {
  const lines = slice(text, start.line, end.line);
  const last = lines.length - 1;
  return lines.every((line, index) => {
    const from = index === 0 ? start.character : 0;
    return line.slice(from, index === last ? end.character : undefined).trim() === "";
  });
}

export function wholeLines(first: number, last: number, text: Lines): Region {
  return {
    start: { line: first, character: 0 },
    end: { line: last, character: text.at(last).length },
  };
}

export function wholeDocument(text: Lines): Region {
  return wholeLines(0, text.count - 1, text);
}
