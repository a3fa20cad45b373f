// What the extension gives to those who activate it: enough to wait for things and to see what is shown.

import type { Event } from "vscode";
import { lineEnd, type Style } from "./annotations/drawing";
import { type Annotation, displayLine } from "./annotations/lifecycle";
import type { Evaluation } from "./protocol.gen";

export interface FinishedEvaluation {
  readonly uri: string;
  readonly evaluation: Evaluation;
}

export interface ShownAnnotation {
  readonly line: number;
  /** As at the line's end; empty for a line that is marked whole. */
  readonly text: string;
  readonly style: Style | "frame";
  readonly state: Annotation["state"];
  readonly kind: Annotation["content"]["kind"];
}

export interface ReliveApi {
  /** Starts the daemon if need be; done when it can be asked. */
  whenReady(): Promise<void>;
  readonly onDidFinishEvaluation: Event<FinishedEvaluation>;
  /** All annotations of a document, oldest first. */
  annotations(uri: string): ShownAnnotation[];
}

export function shown(annotation: Annotation, maxLength: number): ShownAnnotation {
  const { state, content } = annotation;
  const { text, style } = lineEnd(annotation, maxLength) ?? { text: "", style: "frame" };
  return { line: displayLine(annotation), text, style, state, kind: content.kind };
}
