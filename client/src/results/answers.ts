// Answers what the panel asks about an entry: from what is known of it, or else from the process.

import { longest } from "../annotations/content";
import type { Value } from "../protocol.gen";
import type { Entry } from "./exhibits";
import { TEXT } from "./formats";
import type { Answer, Child, Content, Failed, Question } from "./messages";
import { ValueGone, type ValueName, type Values } from "./values";

/** A value, and the session that it is of. */
type Told = Pick<Entry, "value" | "uri" | "expired">;

export async function answer(
  values: Values,
  entry: Entry,
  question: Question,
): Promise<Answer | Failed> {
  try {
    return await answered(values, entry, question);
  } catch (failure) {
    return { failed: failure instanceof Error ? failure.message : String(failure) };
  }
}

function answered(values: Values, entry: Entry, question: Question): Promise<Answer> {
  switch (question.about) {
    case "content":
      return contentOf(values, entry, question.format);
    case "rows": {
      const { start, count, firstColumn, sort } = question;
      const place = { start, count, firstColumn, ...(sort === null ? {} : { sort }) };
      return values.table(nameOf(entry), place);
    }
    case "children":
      return childrenOf(values, entry, question);
  }
}

/** A value, or what was drawn of it, in one form. */
export async function contentOf(values: Values, entry: Entry, format: string): Promise<Content> {
  const drawn = entry.displays.find(({ mime }) => mime === format);
  if (drawn !== undefined) {
    return { data: drawn.data, base64: drawn.encoding === "base64", note: null };
  }
  if (format === TEXT) {
    return textOf(values, entry);
  }
  const { data, encoding } = await values.mime(nameOf(entry), format);
  return { data, base64: encoding === "base64", note: null };
}

/** The whole text; what is known of it where the value is no more. */
export async function textOf(values: Values, entry: Told): Promise<Content> {
  const { value } = entry;
  if (value === null) {
    throw new ValueGone("This has no text.");
  }
  const known = longest(value);
  if (known.whole) {
    return { data: known.text, base64: false, note: null };
  }
  try {
    const { text, truncated, length } = await values.text(nameOf(entry));
    return { data: text, base64: false, note: truncated ? cutAt(length) : null };
  } catch (failure) {
    if (failure instanceof ValueGone) {
      return { data: known.text, base64: false, note: `Cut: ${failure.message}` };
    }
    throw failure;
  }
}

function cutAt(length: number): string {
  return `Cut after ${length.toLocaleString("en")} characters: the value is longer.`;
}

async function childrenOf(
  values: Values,
  entry: Entry,
  { path, start, count }: Question & { about: "children" },
): Promise<Answer> {
  const part = { path: [...path], start, count };
  const { items, total } = await values.children(nameOf(entry), part);
  const children = items.map(({ name, value, hasChildren }): Child => {
    return { name, text: inLine(value), type: value.type, hasChildren };
  });
  return { items: children, total };
}

/** A text of several lines is no line of a tree. */
function inLine({ text, summary }: Value): string {
  return summary ?? text.replace(/\s*\n\s*/g, " ");
}

export function nameOf({ uri, value, expired }: Told): ValueName {
  if (value === null) {
    throw new ValueGone("What was drawn is no longer kept. Evaluate the code again.");
  }
  if (expired) {
    throw new ValueGone("The process it came from has ended. Evaluate the code again.");
  }
  return { ref: value.ref, ...(uri === null ? {} : { uri }) };
}
