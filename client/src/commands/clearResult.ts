// Clear Result: the one a link names, or all on the line of the cursor.

import type { Content } from "../annotations/content";
import { atCursor } from "../annotations/cursor";
import type { AnnotationReference } from "../annotations/hover";
import type { Annotation } from "../annotations/lifecycle";
import type { AnnotationStore } from "../annotations/store";
import { isReference, type Run } from "./command";

/** Such a result has more to it than its own line: marks elsewhere, and a diagnostic. */
const SHOWS_ERROR = new Set<Content["kind"]>(["error", "frame"]);

export const clearResultRun: Run = async (context, argument) => {
  const { store } = context;
  const { key, annotations } = isReference(argument) ? named(store, argument) : atCursor(store);
  store.remove(key, ...annotations);
  const errors = annotations.filter(({ content }) => SHOWS_ERROR.has(content.kind));
  if (errors.length > 0) {
    await context.dismissErrors(errors.map(({ generation }) => generation));
  }
};

function named(
  store: AnnotationStore,
  { uri, id }: AnnotationReference,
): { key: string; annotations: Annotation[] } {
  const annotation = store.get(uri, id);
  return { key: uri, annotations: annotation === undefined ? [] : [annotation] };
}
