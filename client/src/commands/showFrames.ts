// Show Frames of Error: walk through the stack of the error at the cursor, or the one a link names.

import { atCursor } from "../annotations/cursor";
import { NothingToDo } from "../errors";
import { pickFrame, showPlace } from "../views/frames";
import { isReference, type Run } from "./command";

export const showFramesRun: Run = async ({ store }, argument) => {
  const here = isReference(argument)
    ? [store.get(argument.uri, argument.id)]
    : atCursor(store).annotations;
  for (const annotation of here) {
    const content = annotation?.content;
    if (content?.kind === "error" || content?.kind === "frame") {
      const { uri = null, line = 0, range } = (await pickFrame(content.error)) ?? {};
      if (uri !== null) {
        const start = { line, character: 0 };
        await showPlace(uri, range ?? { start, end: start });
      }
      return;
    }
  }
  throw new NothingToDo("there is no error here");
};
