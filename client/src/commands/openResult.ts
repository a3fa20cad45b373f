// Open Result: the whole of it, as a read-only document of its own.

import { type Run, resultOf } from "./command";
import { openText, wholeText } from "./wholeText";

export const openResultRun: Run = async (context, argument) => {
  const { key, annotation } = resultOf(context, argument);
  const title = annotation.content.kind === "value" ? "Value.txt" : "Traceback.txt";
  await openText(context, title, await wholeText(context, key, annotation));
};
