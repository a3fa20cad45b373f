// What the results panel and the extension say to each other. The panel shows what user code made, so nothing it says is taken on trust.

import type { TableSort, ValueTable } from "../protocol.gen";
import type { Format } from "./formats";

/** A value as the panel knows it: everything but its contents, which it asks for. */
export interface Exhibit {
  readonly id: number;
  /** Where it came from, as `tour.py:12`; and the first line of the code. */
  readonly place: string;
  readonly code: string;
  readonly type: string;
  /** Shape and dtypes, or another line that says what it is. */
  readonly summary: string | null;
  /** Best first, never empty. */
  readonly formats: readonly { readonly format: Format; readonly label: string }[];
  /** Which of them is shown. */
  readonly format: Format;
  /** The process it came from is gone: what is not known of it by now cannot be had. */
  readonly expired: boolean;
}

/** What is shown, and where that is in the history. */
export interface Showing {
  readonly kind: "showing";
  readonly exhibit: Exhibit | null;
  /** What to do, or why nothing can be done, where there is nothing to show. */
  readonly empty: string;
  readonly position: number;
  readonly count: number;
  readonly pinned: boolean;
}

export interface Answered {
  readonly kind: "answer";
  readonly ask: number;
  readonly answer: Answer | Failed;
}

export type ToPanel = Showing | Answered;

/** What the panel asks for about an exhibit. */
export type Question =
  | { readonly about: "content"; readonly format: Format }
  | {
      readonly about: "rows";
      readonly start: number;
      readonly count: number;
      readonly firstColumn: number;
      readonly sort: TableSort | null;
    }
  | {
      readonly about: "children";
      readonly path: readonly number[];
      readonly start: number;
      readonly count: number;
    };

export type Answer = Content | ValueTable | Children;

/** `data` is text, or base64 of bytes where the format is of bytes. */
export interface Content {
  readonly data: string;
  readonly base64: boolean;
  /** What is to be said of it, such as that it was cut. */
  readonly note: string | null;
}

export interface Children {
  readonly items: readonly Child[];
  readonly total: number;
}

export interface Child {
  readonly name: string;
  readonly text: string;
  readonly type: string;
  readonly hasChildren: boolean;
}

/** Why there is no answer, and what to do, in words. */
export interface Failed {
  readonly failed: string;
}

export type FromPanel =
  | { readonly kind: "ready" }
  | { readonly kind: "choose"; readonly id: number; readonly format: Format }
  | {
      readonly kind: "ask";
      readonly ask: number;
      readonly id: number;
      readonly question: Question;
    };

/** At most so many rows or items are asked for at once. */
export const PAGE = 100;

/** The message, if it is one. */
export function fromPanel(message: unknown): FromPanel | undefined {
  if (!isObject(message)) {
    return undefined;
  }
  const { kind, id } = message;
  switch (kind) {
    case "ready":
      return { kind };
    case "choose":
      return isCount(id) && typeof message.format === "string"
        ? { kind, id, format: message.format }
        : undefined;
    case "ask":
      return asked(message);
    default:
      return undefined;
  }
}

function asked({ ask, id, question }: Record<string, unknown>): FromPanel | undefined {
  const read = isObject(question) ? questionOf(question) : undefined;
  return isCount(ask) && isCount(id) && read !== undefined
    ? { kind: "ask", ask, id, question: read }
    : undefined;
}

function questionOf(question: Record<string, unknown>): Question | undefined {
  const { about, format, path } = question;
  if (about === "content") {
    return typeof format === "string" ? { about, format } : undefined;
  }
  const { start, count } = question;
  if (!isCount(start) || !isCount(count) || count > PAGE) {
    return undefined;
  }
  switch (about) {
    case "rows":
      return isCount(question.firstColumn)
        ? { about, start, count, firstColumn: question.firstColumn, sort: sortOf(question.sort) }
        : undefined;
    case "children":
      return Array.isArray(path) && path.every(isCount) ? { about, path, start, count } : undefined;
    default:
      return undefined;
  }
}

/** Column -1 is the index. */
function sortOf(sort: unknown): TableSort | null {
  return isObject(sort) && (isCount(sort.column) || sort.column === -1)
    ? { column: sort.column, descending: sort.descending === true }
    : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
