// Copy Value: the whole of it, or what can be had, saying that this is not all.

import { type Run, resultOf } from "./command";
import { copyText, wholeText } from "./wholeText";

export const copyResultRun: Run = async (context, argument) => {
  const { key, annotation } = resultOf(context, argument);
  await copyText(context, await wholeText(context, key, annotation));
};
