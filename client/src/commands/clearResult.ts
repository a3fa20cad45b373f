// Clear Result: the one a link names, or all on the line of the cursor.

import { atCursor } from "../annotations/cursor";
import type { AnnotationReference } from "../annotations/hover";
import type { Annotation } from "../annotations/lifecycle";
import type { AnnotationStore } from "../annotations/store";
import { isReference, type Run } from "./command";

export const clearResultRun: Run = ({ store }, argument) => {
  const { key, annotations } = isReference(argument) ? named(store, argument) : atCursor(store);
  store.remove(key, ...annotations);
  if (annotations.some(({ content }) => content.kind === "error")) {
    store.removeFrames();
  }
};

function named(
  store: AnnotationStore,
  { uri, id }: AnnotationReference,
): { key: string; annotations: Annotation[] } {
  const annotation = store.get(uri, id);
  return { key: uri, annotations: annotation === undefined ? [] : [annotation] };
}
