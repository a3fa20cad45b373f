// What the light bulb's "Retry" does: evaluates again the code that an error came of.

import { NothingToDo } from "../errors";
import { evaluateAt, isPlace, type Run } from "./command";

export const evaluateRun: Run = async (context, argument) => {
  if (!isPlace(argument)) {
    throw new NothingToDo("no code was named");
  }
  const { uri, range } = argument;
  await evaluateAt(context, { uri, scope: "selection", range });
};
