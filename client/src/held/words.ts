// What is said of a frame that is held, as Markdown and at the end of its line.

import { codeSpan, cut, fence, inList, oneLine, visible } from "../annotations/plainText";
import type { HeldFrame } from "../protocol.gen";

/** What can be done with a frame that is held, in the order it is offered. */
export const HELD_COMMANDS = [
  "relive.retryStatement",
  "relive.restartFrame",
  "relive.returnValue",
  "relive.abandon",
] as const;
export type HeldCommand = (typeof HELD_COMMANDS)[number];

const TITLES: Readonly<Record<HeldCommand, string>> = {
  "relive.retryStatement": "Retry From Failing Statement",
  "relive.restartFrame": "Restart Frame",
  "relive.returnValue": "Return Value…",
  "relive.abandon": "Abandon",
};
const MAX_LINE = 200;
const MAX_ERROR = 120;

/** At the end of the failing line, where the error may stand already: then it is not said twice. */
export function lineText({ error, thread }: HeldFrame, said: readonly string[] = []): string {
  const where = thread === undefined ? "" : ` in ${thread}`;
  const what = said.includes(error) ? "" : `: ${error}`;
  return oneLine(`held${where}${what}`, MAX_ERROR);
}

export function hoverText(frame: HeldFrame, link: (command: HeldCommand) => string): string {
  const actions = HELD_COMMANDS.filter((command) => isOffered(command, frame)).map(
    (command) => `[${TITLES[command]}](${link(command)})`,
  );
  return [
    `**Held** in ${codeSpan(frame.name)}${onThread(frame)}: ${codeSpan(cut(frame.error, MAX_LINE))}`,
    actions.join(" · "),
    isWholeAsItIs(frame) ? "" : `Not all can be done: ${codeSpan(frame.whyNot ?? "")}`,
    values(frame),
    isTopLevel(frame) ? "" : "Code of this function that is evaluated runs in this frame.",
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Top-level code is never restarted and returns nothing: nobody misses that. */
function isWholeAsItIs(frame: HeldFrame): boolean {
  return frame.whyNot === undefined || (isTopLevel(frame) && frame.canRetry);
}

function isTopLevel({ name }: HeldFrame): boolean {
  return name === "<module>";
}

export function isOffered(command: HeldCommand, frame: HeldFrame): boolean {
  switch (command) {
    case "relive.retryStatement":
      return frame.canRetry;
    case "relive.restartFrame":
      return frame.canRestart;
    case "relive.returnValue":
      return frame.canReturn;
    case "relive.abandon":
      return true;
  }
}

function onThread({ thread }: HeldFrame): string {
  return thread === undefined ? "" : ` on the thread ${codeSpan(thread)}`;
}

function values({ locals, localsOmitted = 0 }: HeldFrame): string {
  const lines = locals.map(assignment);
  const more = localsOmitted > 0 ? [`# … ${localsOmitted} more`] : [];
  return lines.length === 0 ? "" : fence([...lines, ...more].join("\n"), "python");
}

export function assignment({ name, text }: { name: string; text: string }): string {
  return cut(visible(`${name} = ${text}`).replace(/\s*\n\s*/g, "⏎"), MAX_LINE);
}

/** A question before it is gone on at a place that is not certain. */
export function placeText(line: number, text: string, note: string | null): string {
  const at = `line ${line + 1}: ${text.trim()}`;
  return note === null ? at : `${at} (${note})`;
}

/** One call among several of a function: what it has, and where it waits. */
export function callInWords(frame: HeldFrame): { label: string; description: string } {
  const { name, thread, locals, range } = frame;
  const where = thread === undefined ? "" : ` on the thread ${thread}`;
  const has = oneLine(locals.map(assignment).join(", "), MAX_ERROR);
  return {
    label: inList(`${name} · ${has}`),
    description: inList(`line ${range.start.line + 1}${where}`),
  };
}
