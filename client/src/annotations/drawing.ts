// What is to be drawn in a document, as plain data: which text in which style at which line's end.

import type { Value } from "../protocol.gen";
import { outcome } from "../rewinding/words";
import { type Content, headline } from "./content";
import { duration } from "./duration";
import type { Lines } from "./evaluated";
import { keptInline } from "./kept";
import { type Annotation, displayLine, isStale } from "./lifecycle";
import { oneLine } from "./plainText";
import { receipt, type Tone } from "./receipt";

export type Style = "value" | "error" | "stale" | "pending" | "output" | "receipt" | "warning";

export interface LineEnd {
  readonly line: number;
  readonly style: Style;
  readonly text: string;
}

export interface FrameMark {
  readonly line: number;
  /** The columns of what failed there, if they are known. */
  readonly part: readonly [from: number, to: number] | null;
}

export interface Drawing {
  readonly lineEnds: readonly LineEnd[];
  /** Lines marked whole: an error came through there. */
  readonly frames: readonly FrameMark[];
}

/** The line whose end is being typed at, and the newest annotation there was then. */
export interface TypingPlace {
  readonly line: number;
  readonly newest: number;
}

export interface DrawingOptions {
  readonly inline: "on" | "errorsOnly" | "off";
  readonly maxLength: number;
  readonly typing: TypingPlace | undefined;
}

/** VS Code draws nothing behind this column. */
const LAST_DRAWN_COLUMN = 10_000;
/** No-break: ordinary spaces at the start would collapse. */
const BLANK = "\u00a0";

const STYLES: Readonly<Record<Tone, Style>> = { good: "receipt", warning: "warning", bad: "error" };

export function draw(
  annotations: readonly Annotation[],
  text: Lines,
  options: DrawingOptions,
): Drawing {
  if (options.inline === "off") {
    return { lineEnds: [], frames: [] };
  }
  const newest = new Map<number, LineEnd>();
  for (const annotation of annotations) {
    const end = lineEnd(annotation, options.maxLength);
    if (end !== undefined && isDrawn(end, annotation.id, text, options)) {
      newest.set(end.line, end);
    }
  }
  return { lineEnds: [...newest.values()], frames: annotations.flatMap(frameMark) };
}

function frameMark(annotation: Annotation): FrameMark[] {
  if (annotation.content.kind !== "frame") {
    return [];
  }
  const { range } = annotation.content.frame;
  const part = range && ([range.start.character, range.end.character] as const);
  return [{ line: displayLine(annotation), part: part ?? null }];
}

function isDrawn(end: LineEnd, id: number, text: Lines, options: DrawingOptions): boolean {
  const { typing, inline } = options;
  const pushesCaret = end.line === typing?.line && id <= typing.newest;
  if (pushesCaret || text.at(end.line).length > LAST_DRAWN_COLUMN) {
    return false;
  }
  return inline === "on" || end.style === "error" || end.style === "warning";
}

/** What stands at the end of an annotation's line; nothing for a mark of a whole line. */
export function lineEnd(annotation: Annotation, maxLength: number): LineEnd | undefined {
  const say = words(annotation.content);
  if (say === undefined) {
    return undefined;
  }
  const stale = isStale(annotation);
  const parts = [
    say.mark,
    oneLine(say.text ?? "", maxLength),
    say.size ?? "",
    keptInline(annotation.content).replaceAll(" ", BLANK),
    stale ? "(stale)" : "",
  ];
  const text = parts.filter((part) => part !== "").join(BLANK);
  return {
    line: displayLine(annotation),
    style: stale ? "stale" : say.style,
    text: BLANK + BLANK + text,
  };
}

interface Words {
  readonly style: Style;
  readonly mark: string;
  /** Cut when it is long; the rest is not. */
  readonly text?: string;
  readonly size?: string;
}

function words(content: Content): Words | undefined {
  switch (content.kind) {
    case "pending":
      return pendingWords(content);
    case "value":
      return valueWords(content);
    case "done":
      return (
        printed(content) ?? { style: "output", mark: "✓", text: duration(content.run.durationMs) }
      );
    case "error":
      return { style: "error", mark: "✗", text: headline(content.error) };
    case "stopped":
      return content.how === "interrupted"
        ? { style: "output", mark: "■", text: "interrupted" }
        : { style: "error", mark: "✗", text: ended(content.cause) };
    case "receipt":
      return receiptWords(content);
    case "rewound":
      return rewoundWords(content);
    case "frame":
      return undefined;
  }
}

/** A second is what it takes before its length is worth a word. */
function pendingWords({ state, elapsedMs, lastOutput }: Content & { kind: "pending" }): Words {
  if (state === "queued") {
    return { style: "pending", mark: "⟳", text: "waiting" };
  }
  const elapsed = elapsedMs < 1000 ? [] : [roughly(elapsedMs)];
  const text = [...elapsed, ...(lastOutput === null ? [] : [lastOutput.trim()])].join(" · ");
  return { style: "pending", mark: "⟳", text };
}

function ended(cause: string | null): string {
  const how = cause === null ? [] : [cause];
  return ["the Python process ended", ...how].join(": ");
}

function valueWords(content: Content & { kind: "value" }): Words {
  const { value } = content;
  const nothing = value.text === "None" && value.type === "NoneType";
  const said = nothing ? printed(content) : undefined;
  return said ?? { style: "value", mark: "⇒", ...inALine(value) };
}

/** What is a page of text, as a table's, is told by its shape; a line of it says nothing. */
function inALine(value: Value): { text: string; size: string } {
  const { text, summary } = value;
  if (summary === undefined) {
    return { text, size: size(value) };
  }
  return text.includes("\n")
    ? { text: summary, size: "" }
    : { text, size: ["·", summary].join(BLANK) };
}

/** What is cut says how much there is. */
function size({ truncated, length, type }: Value): string {
  if (!truncated || length === undefined) {
    return "";
  }
  const unit = type === "str" ? "characters" : type.startsWith("byte") ? "bytes" : "items";
  return ["·", length.toLocaleString("en"), unit].join(BLANK);
}

function printed({ run }: Content & { kind: "value" | "done" }): Words | undefined {
  if (run.lastOutput !== null) {
    return { style: "output", mark: "▸", text: run.lastOutput };
  }
  return run.pictures.length > 0 ? { style: "output", mark: "✓", text: "picture" } : undefined;
}

function receiptWords({ redefinition }: Content & { kind: "receipt" }): Words {
  const { mark, text, tone } = receipt(redefinition);
  return { style: STYLES[tone], mark, text };
}

function rewoundWords({ rewind }: Content & { kind: "rewound" }): Words {
  const { text, tone } = outcome(rewind);
  return { style: STYLES[tone], mark: "↶", text };
}

/** Whole seconds: it is told anew each second. */
function roughly(ms: number): string {
  return ms < 60_000 ? `${Math.floor(ms / 1000)} s` : duration(ms);
}
