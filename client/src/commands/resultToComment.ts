// Insert Result as Comment: below its code, where running the code again brings it up to date.

import { type Content, headline, longest } from "../annotations/content";
import { findDocument } from "../documents";
import { NothingToDo } from "../errors";
import { writeComment } from "../text/resultComments";
import { type Run, resultOf } from "./command";

export const resultToCommentRun: Run = async (context, argument) => {
  const { key, annotation } = resultOf(context, argument);
  const document = findDocument(key);
  const text = said(annotation.content);
  if (text === null || document === undefined) {
    throw new NothingToDo("this result has no text");
  }
  const { start, end } = annotation.region;
  await writeComment(document, { first: start.line, last: end.line }, text);
};

/** What is written down of a result; null: nothing. */
export function said(content: Content): string | null {
  switch (content.kind) {
    case "value":
      return longest(content.value).text;
    case "error":
      return headline(content.error);
    default:
      return "run" in content ? content.run.lastOutput : null;
  }
}
