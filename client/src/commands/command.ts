// What a command is, and what several of them need.

import { type TextEditor, window } from "vscode";
import { atCursor } from "../annotations/cursor";
import type { AnnotationReference } from "../annotations/hover";
import type { Annotation } from "../annotations/lifecycle";
import type { Context } from "../context";
import { NothingToDo, UserError } from "../errors";
import type { EvaluateParams, Evaluation, Position, Range, Redefinition } from "../protocol.gen";
import { requireTrust } from "../trust";

/** A command's work. `argument` comes from a link, a lens or another extension: it may be anything. */
export type Run = (context: Context, argument?: unknown) => Promise<void> | void;

/** Code in an editor: what is selected, or else the statement at the cursor. */
export type Place =
  | { readonly scope: "selection"; readonly range: NonNullable<EvaluateParams["range"]> }
  | { readonly scope: "form"; readonly position: NonNullable<EvaluateParams["position"]> };

/** The editor a command is about: text that is saved in a file, or not yet. */
export function pythonEditor(): TextEditor {
  const editor = window.activeTextEditor;
  const scheme = editor?.document.uri.scheme;
  if (editor?.document.languageId !== "python" || (scheme !== "file" && scheme !== "untitled")) {
    throw new UserError("Open a Python file and put the cursor on the code first.");
  }
  return editor;
}

export function uriOf(editor: TextEditor): string {
  return editor.document.uri.toString();
}

export function placeOf({ selection }: TextEditor): Place {
  const { start, end, active } = selection;
  return selection.isEmpty
    ? { scope: "form", position: active }
    : { scope: "selection", range: { start, end } };
}

/** Says it where there are several carets: only the code at the one that was set first is evaluated. */
export function tellOfOtherCarets({ messages }: Context, { selections }: TextEditor): void {
  if (selections.length > 1) {
    messages.notice(`of ${selections.length} carets only the first one's code is evaluated`);
  }
}

/** The code a key was pressed for. Read before anything is waited for: by then the caret may be somewhere else. */
export function codeOf(editor: TextEditor): Place & { readonly uri: string } {
  return { uri: uriOf(editor), ...placeOf(editor) };
}

/** Evaluates. That there is no code at the place is no failure. */
export async function evaluateAt(
  context: Context,
  params: Omit<EvaluateParams, "token">,
): Promise<Evaluation> {
  try {
    return await context.evaluate(params);
  } catch (failure) {
    if (failure instanceof UserError) {
      throw failure;
    }
    const target = await context.daemon.target(requireTrust(), params).catch(() => undefined);
    throw target === null && failure instanceof Error ? new NothingToDo(failure.message) : failure;
  }
}

/** The result a command is about: the one its link names, or the newest at the cursor. */
export function resultOf(
  context: Context,
  argument: unknown,
): { key: string; annotation: Annotation } {
  const found = isReference(argument)
    ? { key: argument.uri, annotation: context.store.get(argument.uri, argument.id) }
    : newestAtCursor(context);
  if (found.annotation === undefined) {
    throw new NothingToDo("there is no result here");
  }
  return { key: found.key, annotation: found.annotation };
}

export function newestAtCursor({ store }: Context): {
  key: string;
  annotation: Annotation | undefined;
} {
  const { key, annotations } = atCursor(store);
  return { key, annotation: annotations.find(({ content }) => content.kind !== "frame") };
}

/** The files that a receipt is about. */
export function filesOf({ definitions }: Redefinition): string[] {
  const uris = definitions.map(({ uri }) => uri).filter((uri) => uri !== undefined);
  return [...new Set(uris)];
}

/** A piece of a document, as the daemon's code actions name it. */
export interface NamedPlace {
  readonly uri: string;
  readonly range: Range;
}

export function isPlace(argument: unknown): argument is NamedPlace {
  const { uri, range } = fieldsOf(argument);
  const { start, end } = fieldsOf(range);
  return typeof uri === "string" && [start, end].every(isPosition);
}

/** A position in a document, as the daemon's lenses name it. */
export interface NamedPosition {
  readonly uri: string;
  readonly position: Position;
}

export function isNamedPosition(argument: unknown): argument is NamedPosition {
  const { uri, position } = fieldsOf(argument);
  return typeof uri === "string" && isPosition(position);
}

function isPosition(value: unknown): boolean {
  const { line, character } = fieldsOf(value);
  return Number.isSafeInteger(line) && Number.isSafeInteger(character);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

export function isReference(argument: unknown): argument is AnnotationReference {
  return (
    typeof argument === "object" &&
    argument !== null &&
    "uri" in argument &&
    typeof argument.uri === "string" &&
    "id" in argument &&
    typeof argument.id === "number"
  );
}
