// Copy Result: the longest text that is known of it, saying so when that is not all.

import { env } from "vscode";
import { fullText } from "../annotations/content";
import { NothingToDo } from "../errors";
import { type Run, resultOf } from "./command";

export const copyResultRun: Run = async (context, argument) => {
  const full = fullText(resultOf(context, argument).annotation.content);
  if (full === null) {
    throw new NothingToDo("this result has no text");
  }
  await env.clipboard.writeText(full.text);
  const count = full.text.length.toLocaleString("en");
  context.messages.notice(
    full.whole ? "copied" : `copied the first ${count} characters; the value is longer`,
  );
};
