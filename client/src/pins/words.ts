// What is said of pins and doctests: at the ends of lines, in the view of tests, and in hovers.

import { oneLine } from "../annotations/plainText";
import type { FilePins, Pin, PinExample } from "../protocol.gen";

export type Tone = "passed" | "failed" | "unknown";

/** What stands at the end of a line. */
export interface Mark {
  readonly line: number;
  readonly tone: Tone;
  readonly text: string;
  /** What it is about, for its hover. */
  readonly pins: readonly Pin[];
}

const BLANK = "\u00a0";
const MARKS: Readonly<Record<Tone, string>> = { passed: "✓", failed: "✗", unknown: "○" };

/** What is drawn in the source file: pins at their definitions, doctests where they are written. */
export function marksInSource({ items }: FilePins, maxLength: number): Mark[] {
  const lines = new Map<number, Pin[]>();
  for (const pin of items) {
    if (pin.kind === "pin" && pin.at !== undefined) {
      const line = pin.at.start.line;
      lines.set(line, [...(lines.get(line) ?? []), pin]);
    }
  }
  const ofPins = [...lines].map(([line, pins]) => mark(line, pins, summary(pins, maxLength)));
  return [...ofPins, ...marksOf(items, "doctest", maxLength)];
}

/** What is drawn in the file in which the pins are written. */
export function marksInPins({ items }: FilePins, maxLength: number): Mark[] {
  return marksOf(items, "pin", maxLength);
}

function marksOf(items: readonly Pin[], kind: Pin["kind"], maxLength: number): Mark[] {
  return items
    .filter((pin) => pin.kind === kind && pin.status !== "unknown")
    .flatMap((pin) =>
      pin.examples.map((example) => ({
        line: example.range.end.line - 1,
        tone: example.status,
        text: drawn(
          example.status === "failed" ? difference(example, maxLength) : "",
          example.status,
        ),
        pins: [pin],
      })),
    );
}

function mark(
  line: number,
  pins: readonly Pin[],
  { tone, text }: { tone: Tone; text: string },
): Mark {
  return { line, tone, text: drawn(text, tone), pins };
}

function drawn(text: string, tone: Tone): string {
  const words = text === "" ? MARKS[tone] : `${MARKS[tone]} ${text}`;
  return BLANK + BLANK + words.replaceAll(" ", BLANK);
}

/** Of several the first that failed; what is not known is not passed over. */
function summary(pins: readonly Pin[], maxLength: number): { tone: Tone; text: string } {
  const failed = pins.filter(({ status }) => status === "failed");
  const [first] = failed;
  if (first !== undefined) {
    const more = failed.length > 1 ? ` · ${failed.length - 1} more` : "";
    return { tone: "failed", text: failure(first, maxLength) + more };
  }
  const isKnown = pins.every(({ status }) => status === "passed");
  return { tone: isKnown ? "passed" : "unknown", text: counted(pins.length) };
}

function counted(count: number): string {
  return count === 1 ? "1 pin" : `${count} pins`;
}

/** A pin that failed in a line: `area(2, 3) → 5, not 6`. */
export function failure({ label, examples }: Pin, maxLength: number): string {
  const example = examples.find(({ status }) => status === "failed");
  const about = oneLine(label, maxLength);
  return example === undefined ? about : `${about} → ${difference(example, maxLength)}`;
}

/** What an example gave, and what it was to give. */
export function difference({ got, expected, error }: PinExample, maxLength: number): string {
  const raised = error !== undefined;
  const gave = said(got ?? "", maxLength);
  return raised ? gave : `${gave}, not ${said(wanted(expected), maxLength)}`;
}

/** What is expected, without the frame of a traceback. */
function wanted(expected: string): string {
  return expected.startsWith("Traceback (")
    ? (expected.trimEnd().split("\n").at(-1) ?? "")
    : expected;
}

function said(text: string, maxLength: number): string {
  return text.trim() === "" ? "nothing" : oneLine(text, maxLength);
}

/** The name of a row in the view of tests. */
export function rowLabel({ kind, label }: Pin): string {
  return kind === "doctest" ? `Doctest of ${label}` : label;
}
