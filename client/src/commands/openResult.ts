// Open Result in Editor: as a read-only document of its own.

import { fullText } from "../annotations/content";
import { NothingToDo } from "../errors";
import { type Run, resultOf } from "./command";

export const openResultRun: Run = async (context, argument) => {
  const { annotation } = resultOf(context, argument);
  const full = fullText(annotation.content);
  if (full === null) {
    throw new NothingToDo("this result has no text");
  }
  const rest = full.whole ? "" : "\n\nThis is not all: the value is longer.\n";
  const title = annotation.content.kind === "value" ? "Value.txt" : "Traceback.txt";
  await context.resultDocuments.open(title, full.text + rest);
};
