// What the light bulb's "Go to …" does: shows a line that an error came through.

import { NothingToDo } from "../errors";
import { showPlace } from "../views/frames";
import { isPlace, type Run } from "./command";

export const showFrameRun: Run = async (_context, argument) => {
  if (!isPlace(argument)) {
    throw new NothingToDo("no place was named");
  }
  await showPlace(argument.uri, argument.range);
};
