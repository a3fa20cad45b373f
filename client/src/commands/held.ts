// What is held going on: Retry From Failing Statement, Restart Frame, Return Value, Abandon, Abandon All.

import { window } from "vscode";
import { inList, withoutLinks } from "../annotations/plainText";
import type { Context } from "../context";
import { findDocument, openDocument } from "../documents";
import { NothingToDo, UserError } from "../errors";
import { definitionOf, type FrameReference, framesAround, isFrameReference } from "../held/stacks";
import { callInWords, placeText } from "../held/words";
import { definitionsCommand, redefineCommand, resumePointCommand } from "../protocol";
import type { HeldFrame, Position, ResumeParams, ResumePoint } from "../protocol.gen";
import { requireTrust } from "../trust";
import { showPlace } from "../views/frames";
import type { Run } from "./command";

interface Meant extends FrameReference {
  readonly held: HeldFrame;
}

export const retryStatementRun: Run = async (context, argument) => {
  const meant = await meantBy(context, argument);
  check(meant.held.canRetry, meant.held);
  await bringIn(context, meant);
  const chosen = await placeToGoOn(context, meant);
  if (chosen !== undefined) {
    await resume(context, meant, { action: "retryStatement", ...chosen });
  }
};

/** The caret says where; the frame is a call of the innermost held function that it is in. */
export const retryAtCursorRun: Run = async (context) => {
  const position = window.activeTextEditor?.selection.active;
  const uri = window.activeTextEditor?.document.uri.toString();
  const frames = position && uri ? await framesAt(context, uri, position.line) : [];
  if (position === undefined || frames.length === 0) {
    throw notAt(uri === undefined ? [] : context.held.stacks.at(uri, position?.line ?? -1));
  }
  const chosen = await oneOf(frames);
  if (chosen !== undefined) {
    const meant = { ...reference(context, chosen), held: chosen };
    await bringIn(context, meant);
    await resume(context, meant, { action: "retryStatement", position });
  }
};

async function framesAt(
  { daemon, held }: Context,
  uri: string,
  line: number,
): Promise<HeldFrame[]> {
  await held.place();
  const { items } = await daemon.query(definitionsCommand, { uri });
  const frames = held.stacks.all.filter((frame) => frame.uri === uri);
  return framesAround(frames, line, items);
}

/** What is at the caret may be held all the same, as a lambda: then it is said why it cannot go on by itself. */
function notAt(frames: readonly HeldFrame[]): Error {
  const why = frames.find(({ whyNot }) => whyNot !== undefined)?.whyNot;
  return why === undefined
    ? new NothingToDo("no call of the function at the cursor is held")
    : new UserError(`What is held at the cursor cannot go on there: ${why}.`);
}

/** A recursion has many calls of one function: which of them is asked, the innermost first. */
async function oneOf(frames: readonly HeldFrame[]): Promise<HeldFrame | undefined> {
  const [only, ...others] = frames;
  if (others.length === 0) {
    return only;
  }
  const rows = frames.map((frame) => ({ ...callInWords(frame), frame }));
  const options = { title: "Several calls are held here", placeHolder: "Which goes on" };
  return (await window.showQuickPick(rows, options))?.frame;
}

export const restartFrameRun: Run = async (context, argument) => {
  const meant = await meantBy(context, argument);
  check(meant.held.canRestart, meant.held);
  await bringIn(context, meant);
  await resume(context, meant, { action: "restartFrame" });
};

export const returnValueRun: Run = async (context, argument) => {
  const meant = await meantBy(context, argument);
  check(meant.held.canReturn, meant.held);
  const value = await window.showInputBox({
    title: `Return from ${inList(meant.held.name)}`,
    prompt: "An expression, evaluated with the frame's variables",
    value: "None",
    ignoreFocusOut: true,
  });
  if (value !== undefined) {
    await resume(context, meant, { action: "return", value });
  }
};

export const abandonRun: Run = async (context, argument) => {
  await resume(context, await meantBy(context, argument), { action: "abandon" });
};

/** Those that are held now; what fails as it is let go is held anew, and is another matter. */
export const abandonAllRun: Run = async (context) => {
  const all = context.held.stacks.each;
  if (all.length === 0) {
    throw new NothingToDo("nothing is held");
  }
  for (const held of all) {
    await resume(context, { ...reference(context, held), held }, { action: "abandon" });
  }
};

export const showHeldRun: Run = async ({ held, heldView }) => {
  if (held.stacks.all.length === 0) {
    throw new NothingToDo("nothing is held");
  }
  await heldView.show();
};

async function meantBy(context: Context, argument: unknown): Promise<Meant> {
  const { stacks } = context.held;
  await context.held.place();
  const editor = window.activeTextEditor;
  const held = isFrameReference(argument)
    ? stacks.find(argument)
    : stacks.meant(editor?.document.uri.toString(), editor?.selection.active.line ?? -1);
  if (held === undefined) {
    throw new NothingToDo("nothing is held");
  }
  return { ...reference(context, held), held };
}

function reference(context: Context, held: HeldFrame): FrameReference {
  const folder = context.held.stacks.folderOf(held) ?? "";
  return { folder, hold: held.hold, frame: held.frame };
}

function check(can: boolean, { whyNot }: HeldFrame): void {
  if (!can) {
    throw new UserError(`This frame cannot go on so${whyNot === undefined ? "" : `: ${whyNot}`}.`);
  }
}

/** What was mended in the editor is what goes on: its definition is redefined first. */
async function bringIn(context: Context, { held }: Meant): Promise<void> {
  const name = definitionOf(held);
  const { uri } = held;
  if (uri === null || name === undefined || findDocument(uri) === undefined) {
    return;
  }
  const receipt = await context.daemon.execute(requireTrust(), redefineCommand, { uri, name });
  const changes = receipt.definitions.filter(({ outcome }) => outcome !== "unchanged");
  if (changes.length > 0 || receipt.error !== null) {
    context.tell("Before going on", [uri], { ...receipt, definitions: changes });
  }
  if (receipt.status !== "ok") {
    const [change] = changes;
    const why = receipt.error?.message ?? change?.reason ?? "it was refused";
    throw new UserError(`${name} was not redefined, and is held still: ${why}`);
  }
}

type Chosen = Pick<ResumeParams, "position" | "confirmed">;

/** Where to go on: asked only if it is not certain. */
async function placeToGoOn(context: Context, meant: Meant): Promise<Chosen | undefined> {
  const { hold, frame, folder } = meant;
  const about = { hold, frame, ...(folder && { uri: folder }) };
  const point = await context.daemon.execute(requireTrust(), resumePointCommand, about);
  if (point.certain) {
    return { confirmed: true };
  }
  return await askForPlace(point);
}

async function askForPlace({ uri, range, note }: ResumePoint): Promise<Chosen | undefined> {
  const caret = caretIn(uri);
  if (uri !== null) {
    await showPlace(uri, range, true);
  }
  const { line } = range.start;
  const proposed = choice("Go on at", placeText(line, textAt(uri, line), note), {
    confirmed: true,
  });
  const atCaret =
    caret === undefined || caret.line === line
      ? []
      : [
          choice("Go on at the cursor,", placeText(caret.line, textAt(uri, caret.line), null), {
            position: caret,
          }),
        ];
  const chosen = await window.showQuickPick([proposed, ...atCaret], {
    title: "It is not certain where the new text goes on",
    placeHolder: "Where to go on",
  });
  return chosen?.chosen;
}

function choice(what: string, where: string, chosen: Chosen): { label: string; chosen: Chosen } {
  return { label: inList(`${what} ${where}`), chosen };
}

function caretIn(uri: string | null): Position | undefined {
  const editor = window.activeTextEditor;
  return editor?.document.uri.toString() === uri ? editor?.selection.active : undefined;
}

function textAt(uri: string | null, line: number): string {
  const lines = uri === null ? undefined : openDocument(uri)?.lines;
  return lines === undefined || line >= lines.count ? "" : withoutLinks(lines.at(line));
}

async function resume(
  context: Context,
  { folder, hold, frame, held }: Meant,
  params: Omit<ResumeParams, "token">,
): Promise<void> {
  await context.resume({ hold, frame, ...(folder && { uri: folder }), ...params }, held.document);
}
