// Evaluate the line that makes a missing name, then again what failed for want of it.

import { NothingToDo } from "../errors";
import { evaluateAt, type Run, resultOf } from "./command";

export const evalMissingAndRetryRun: Run = async (context, argument) => {
  const { key, annotation } = resultOf(context, argument);
  const { content } = annotation;
  if (content.kind !== "error" || content.retry === null) {
    throw new NothingToDo("nothing is missing here");
  }
  const { retry } = content;
  const first = await evaluateAt(context, { uri: key, scope: "form", position: retry.missing });
  if (first.status !== "ok") {
    return;
  }
  await evaluateAt(
    context,
    retry.wholeFile
      ? { uri: key, scope: "file" }
      : { uri: key, scope: "selection", range: retry.target },
  );
};
