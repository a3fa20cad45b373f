// Show Frames of Error: walk through the stack of the error at the cursor, or the one a link names.

import type { Content } from "../annotations/content";
import { atCursor } from "../annotations/cursor";
import type { Annotation } from "../annotations/lifecycle";
import type { AnnotationStore } from "../annotations/store";
import { NothingToDo } from "../errors";
import type { FrameInfo } from "../protocol.gen";
import { pickFrame, showPlace } from "../views/frames";
import { isReference, type Run } from "./command";

export const showFramesRun: Run = async ({ store }, argument) => {
  const found = named(store, argument)
    .map((annotation) => annotation.content)
    .find(isFailure);
  if (found === undefined) {
    throw new NothingToDo("there is no error here");
  }
  const frame = await pickFrame(found.error);
  if (frame !== undefined) {
    await show(frame);
  }
};

function named(store: AnnotationStore, argument: unknown): readonly Annotation[] {
  if (!isReference(argument)) {
    return atCursor(store).annotations;
  }
  const annotation = store.get(argument.uri, argument.id);
  return annotation === undefined ? [] : [annotation];
}

function isFailure(content: Content): content is Content & { kind: "error" | "frame" } {
  return content.kind === "error" || content.kind === "frame";
}

async function show({ uri, line, range }: FrameInfo): Promise<void> {
  if (uri === null) {
    throw new NothingToDo("this code is in no file");
  }
  const start = { line, character: 0 };
  await showPlace(uri, range ?? { start, end: start });
}
