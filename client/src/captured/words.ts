// What is written at the lines of a function of which a call was captured: text alone, no editor types.

import { cut, oneLine } from "../annotations/plainText";
import type { CapturedCall, CapturedLine, CapturedValue } from "../protocol.gen";

/** Text for the end of a line. */
export interface InlineValue {
  readonly line: number;
  readonly text: string;
  readonly isError: boolean;
}

const VALUE_LENGTH = 40;
const TITLE_LENGTH = 80;

/** The values that a call's lines assigned, and at the function's header what it was given and gave. */
export function inlineValues(call: CapturedCall, header: number, maxLength: number): InlineValue[] {
  const lines = call.lines
    .filter(({ line, values }) => values.length > 0 && line !== header)
    .map((line) => ({ line: line.line, text: textOf(line), isError: false }));
  const failed = call.errorLine;
  const ends =
    call.error === undefined || failed === undefined || failed === header
      ? lines
      : [
          ...lines.filter(({ line }) => line !== failed),
          { line: failed, text: `✗ ${call.error}`, isError: true },
        ];
  const first = { line: header, text: headline(call), isError: call.error !== undefined };
  return [first, ...ends].map((each) => ({ ...each, text: `  ${oneLine(each.text, maxLength)}` }));
}

/** A call in one line, as `(3, key=5) ⇒ 16`. */
export function headline(call: CapturedCall): string {
  const given = call.arguments.map(({ name, text }) => `${name}=${cut(text, VALUE_LENGTH)}`);
  return `(${given.join(", ")}) ${outcome(call)}`;
}

export function outcome({ result, error, yields, durationMs }: CapturedCall): string {
  if (error !== undefined) {
    return `✗ ${error}`;
  }
  if (durationMs === undefined) {
    return "… has not ended";
  }
  return yields === undefined ? `⇒ ${result}` : `⇒ ${result} · ${counted(yields, "time")} yielded`;
}

/** A call in a list of calls. */
export function listed(call: CapturedCall): { label: string; description: string; detail: string } {
  const thread = call.thread === undefined ? "" : ` · thread ${call.thread}`;
  const values = call.hasValues ? "" : " · variables not kept any more";
  return {
    label: cut(headline(call), TITLE_LENGTH),
    description: `call ${call.number}${thread}`,
    detail: `${new Date(call.at).toLocaleTimeString()}${values}`,
  };
}

/** All that is known of what a line assigned. */
export function told({ values, count, atLeast }: CapturedLine): string[] {
  const often = count === 1 ? [] : [`ran ${atLeast ? "at least " : ""}${counted(count, "time")}`];
  return [...values.map(inFull), ...often];
}

function inFull({ name, text, first, late }: CapturedValue): string {
  const begun = first === undefined ? "" : `${first} first, then `;
  return `${name} = ${begun}${text}${late ? " (at the call's end)" : ""}`;
}

function textOf({ values, count, atLeast }: CapturedLine): string {
  const shown = values.map(({ name, text }) => `${name} = ${cut(text, VALUE_LENGTH)}`);
  const often = count === 1 ? "" : ` · ${atLeast ? "≥ " : ""}${count}×`;
  return `${shown.join(", ")}${often}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
