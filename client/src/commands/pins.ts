// Pins: pinning a call, trying them, taking them out, and writing them as tests.

import { Range, Uri, window, workspace } from "vscode";
import type { Context } from "../context";
import { NothingToDo, UserError } from "../errors";
import type { PinReference } from "../pins/hoverText";
import { failure, rowLabel } from "../pins/words";
import { pinCommand, savePinsCommand, unpinCommand } from "../protocol";
import type { FilePins, Pin, PinParams } from "../protocol.gen";
import { requireTrust } from "../trust";
import {
  isNamedPosition,
  isReference,
  placeOf,
  pythonEditor,
  type Run,
  resultOf,
  uriOf,
} from "./command";

const MAX_LENGTH = 100;

/** The expression at the cursor, of a result, or at a place that a code action names. */
export const pinRun: Run = async (context, argument) => {
  if (isNamedPosition(argument)) {
    await pin(context, argument);
  } else if (isReference(argument)) {
    const { key, annotation } = resultOf(context, argument);
    await pin(context, { uri: key, position: annotation.region.start });
  } else {
    const editor = pythonEditor();
    const { scope: _, ...place } = placeOf(editor);
    await pin(context, { uri: uriOf(editor), ...place });
  }
};

/** What a pin gives now is what it is to give. */
export const repinRun: Run = async (context, argument) => {
  const { file, pin: found } = await chosen(context, argument, "Pin What It Gives Now");
  const example = found.examples.at(-1);
  if (found.examples.length !== 1 || example === undefined) {
    throw new UserError("This pin has several steps. Edit what they are to give in its file.");
  }
  await pin(context, { uri: file.uri, expression: example.source });
};

export const unpinRun: Run = async (context, argument) => {
  const { file, pin: found } = await chosen(context, argument, "Unpin");
  await context.daemon.execute(requireTrust(), unpinCommand, { uri: file.uri, id: found.id });
  context.messages.notice(`unpinned ${rowLabel(found)}`);
};

export const runPinsRun: Run = async (context, argument) => {
  if (isPinReference(argument)) {
    await context.pinning.run(argument.uri, [argument.id]);
    return;
  }
  const uri = uriOf(pythonEditor());
  await context.pinning.run(uri);
  const items = context.pinning.board.writtenIn(uri)?.items ?? [];
  if (items.length === 0) {
    throw new NothingToDo("the file has no pins and no doctests");
  }
  context.messages.notice(outcome(items));
};

export const openPinsRun: Run = async (context, argument) => {
  const file = isPinReference(argument)
    ? context.pinning.board.writtenIn(argument.uri)
    : context.pinning.board.writtenIn(uriOf(pythonEditor()));
  const first = file?.items.find((each) => each.kind === "pin");
  if (file?.pinsUri === undefined || (first === undefined && file.problem === undefined)) {
    throw new NothingToDo("the file has no pins yet");
  }
  const meant = isPinReference(argument) ? file.items.find(({ id }) => id === argument.id) : first;
  const line = meant?.examples.at(-1)?.range.start.line ?? 0;
  const document = await workspace.openTextDocument(Uri.parse(file.pinsUri));
  await window.showTextDocument(document, { selection: new Range(line, 0, line, 0) });
};

export const savePinsRun: Run = async (context) => {
  const uri = uriOf(pythonEditor());
  const saved = await context.daemon.execute(requireTrust(), savePinsCommand, { uri });
  const document = await workspace.openTextDocument(Uri.parse(saved.uri));
  await window.showTextDocument(document);
  const tests = saved.tests === 1 ? "1 test" : `${saved.tests} tests`;
  context.messages.notice(`saved ${tests}`);
  if (saved.leftOut.length > 0) {
    const reasons = saved.leftOut.map(({ label, why }) => `${label}: ${why}`);
    throw new UserError(`Left out of the tests: ${reasons.join("; ")}.`);
  }
};

/** Pins; where there is no value yet, what is expected is asked for. */
async function pin(context: Context, params: PinParams): Promise<void> {
  const trusted = requireTrust();
  const answer = await context.daemon.execute(trusted, pinCommand, params);
  if (answer.asks === undefined) {
    tell(context, answer.pin);
    return;
  }
  const expected = await window.showInputBox({
    title: `Pin ${answer.expression}`,
    prompt: `${answer.asks} What is it expected to give? As its repr would say.`,
  });
  if (expected === undefined) {
    return;
  }
  const { uri } = params;
  const said = { uri, expression: answer.expression, expected };
  tell(context, (await context.daemon.execute(trusted, pinCommand, said)).pin);
}

function tell(context: Context, pinned: Pin | undefined): void {
  if (pinned !== undefined) {
    const says = pinned.status === "failed" ? ` · ${failure(pinned, MAX_LENGTH)}` : "";
    context.messages.notice(`pinned ${pinned.label}${says}`);
  }
}

function outcome(items: readonly Pin[]): string {
  const failed = items.filter(({ status }) => status === "failed").length;
  const passed = items.filter(({ status }) => status === "passed").length;
  const reason = items.find((each) => each.reason !== undefined)?.reason;
  return failed + passed === 0 && reason !== undefined
    ? reason
    : `${passed} passed, ${failed} failed`;
}

/** The pin that a link or the view of tests names, or one that is chosen from the file's. */
async function chosen(
  context: Context,
  argument: unknown,
  title: string,
): Promise<{ file: FilePins; pin: Pin }> {
  if (isPinReference(argument)) {
    return found(context, argument.uri, argument.id);
  }
  if (isTestItem(argument)) {
    return found(context, argument.parent.id, argument.id);
  }
  const uri = uriOf(pythonEditor());
  const pins = context.pinning.board.writtenIn(uri)?.items.filter(({ kind }) => kind === "pin");
  if (!pins?.length) {
    throw new NothingToDo("the file has no pins");
  }
  const rows = pins.map((each) => ({ label: each.label, id: each.id }));
  const row = await window.showQuickPick(rows, { title });
  if (row === undefined) {
    throw new NothingToDo("no pin was chosen");
  }
  return found(context, uri, row.id);
}

function found(context: Context, uri: string, id: string): { file: FilePins; pin: Pin } {
  const file = context.pinning.board.writtenIn(uri);
  const pinned = file?.items.find((each) => each.id === id && each.kind === "pin");
  if (file === undefined || pinned === undefined) {
    throw new NothingToDo("there is no such pin any more");
  }
  return { file, pin: pinned };
}

function isPinReference(argument: unknown): argument is PinReference {
  return hasId(argument) && "uri" in argument && typeof argument.uri === "string";
}

/** What a menu of the view of tests passes: a pin in its file. */
function isTestItem(argument: unknown): argument is HasId & { readonly parent: HasId } {
  return hasId(argument) && "parent" in argument && hasId(argument.parent);
}

interface HasId {
  readonly id: string;
}

function hasId(value: unknown): value is HasId {
  return (
    typeof value === "object" && value !== null && "id" in value && typeof value.id === "string"
  );
}
