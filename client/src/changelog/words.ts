// What lists say of an entry of the change log: its code, its place, when it was, what became of it. No vscode.

import { duration } from "../annotations/duration";
import { inList } from "../annotations/plainText";
import type { HistoryEntry, RecoverableEntry } from "../protocol.gen";

/** A file's path as the user knows it. */
export type Relative = (uri: string) => string;

/** Longer code pushes what is said of it out of a list's row. */
const MAX_CODE = 80;
const MAX_ERROR = 120;

/** The code in one line; of a redefinition what it was of. */
export function codeOf(entry: HistoryEntry): string {
  return inList(code(entry), MAX_CODE);
}

/** How an error that was held went on. */
const RESUMED: Readonly<Record<string, string>> = {
  retryStatement: "retry from the failing statement",
  restartFrame: "restart a frame",
  return: "return",
  abandon: "abandon",
};

function code(entry: HistoryEntry): string {
  if (entry.hidden) {
    return "(kept out of the log)";
  }
  switch (entry.kind) {
    case "evaluate":
      return firstLines(entry);
    case "redefine":
      return `redefine ${named(entry)}`;
    case "revert":
      return `revert ${named(entry)}`;
    case "undo":
      return `undo of ${named(entry)}`;
    case "resume":
      return `${RESUMED[entry.name ?? ""] ?? "resume"} ${entry.text}`.trim();
    case "rewind":
      return "rewind";
  }
}

/** A list that is searched by code finds what the first line does not say, so far as it fits. */
function firstLines({ text, textTruncated }: HistoryEntry): string {
  return textTruncated ? `${text} …` : text;
}

function named({ name, definitions }: HistoryEntry): string {
  const names = [...new Set(definitions.map((definition) => definition.name))];
  return name ?? (names.length === 0 ? "what had changed" : names.join(", "));
}

/** The file and, from 1, the line: where the code stands, or stood. */
export function placeOf({ uri, uris, range }: HistoryEntry, relative: Relative): string {
  if (uris !== undefined && uris.length > 1) {
    return `${uris.length} files`;
  }
  if (uri === null) {
    return "no file";
  }
  return range === null ? relative(uri) : `${relative(uri)}:${range.start.line + 1}`;
}

/** The time, and the day too unless it is today. */
export function whenOf(at: string, now: Date): string {
  const then = new Date(at);
  const time = then.toLocaleTimeString();
  const sameDay = then.toDateString() === now.toDateString();
  return sameDay
    ? time
    : `${then.toLocaleDateString(undefined, { day: "numeric", month: "short" })}, ${time}`;
}

const OUTCOMES: Readonly<Record<HistoryEntry["status"], string>> = {
  ok: "ok",
  error: "failed",
  interrupted: "interrupted",
  died: "the process ended in it",
  refused: "refused",
  partial: "done in part",
  cancelled: "never ran",
  held: "held",
  unknown: "no outcome",
};

export function outcomeOf({ status, error, durationMs }: HistoryEntry): string {
  if (status === "error" && error) {
    return inList(error, MAX_ERROR);
  }
  const took = status === "ok" && durationMs !== null ? `, ${duration(durationMs)}` : "";
  return OUTCOMES[status] + took;
}

const EFFECTS: Readonly<Record<HistoryEntry["effects"], string>> = {
  definition: "definition",
  import: "import",
  data: "plain data",
  unknown: "may act on files or network",
};

/** What a row of the recovery list says below the code. */
export function recoveryDetail(entry: RecoverableEntry, now: Date): string {
  return [
    entry.suspect ? "was running at the end" : outcomeOf(entry),
    whenOf(entry.at, now),
    ...(entry.hidden ? [] : [EFFECTS[entry.effects]]),
    ...(isGone(entry) ? ["no longer in the file"] : []),
    ...(isToldAlready(entry) ? [] : [entry.why ?? ""]),
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/** Text that is in no document cannot have gone from it. */
function isGone({ kind, stands, hidden, range }: HistoryEntry): boolean {
  return kind === "evaluate" && !stands && !hidden && range !== null;
}

/** The reason for leaving it out is one of the things that are said of it anyway. */
function isToldAlready({ suspect, effects, status, hidden }: RecoverableEntry): boolean {
  return suspect || hidden || status === "interrupted" || effects === "unknown";
}

/** An icon of the editor's, and the colour of the theme that goes with it. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}

const ICONS: Readonly<Record<HistoryEntry["status"], Icon>> = {
  ok: { id: "check", color: "testing.iconPassed" },
  error: { id: "error", color: "testing.iconFailed" },
  interrupted: { id: "debug-stop" },
  died: { id: "flame", color: "testing.iconErrored" },
  refused: { id: "circle-slash", color: "testing.iconFailed" },
  partial: { id: "warning", color: "problemsWarningIcon.foreground" },
  cancelled: { id: "circle-slash" },
  held: { id: "debug-pause" },
  unknown: { id: "question" },
};

export function iconOf({ status, kind }: HistoryEntry): Icon {
  const changed = {
    redefine: "edit",
    revert: "discard",
    undo: "discard",
    evaluate: "check",
    resume: "debug-continue",
    rewind: "history",
  }[kind];
  return status === "ok" ? { ...ICONS.ok, id: changed } : ICONS[status];
}
