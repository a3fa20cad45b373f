// Actions…: all that can be done now, the most urgent first.

import { commands, type TextEditor, Uri, window, workspace } from "vscode";
import { atCursor } from "../annotations/cursor";
import { type Annotation, evaluationOf } from "../annotations/lifecycle";
import type { Context } from "../context";
import { folderAtHand } from "../documents";
import { requireTrust } from "../trust";
import type { Run } from "./command";
import { type Now, offeredIn } from "./offered";
import { said } from "./resultToComment";

export const actionsRun: Run = async (context) => {
  requireTrust();
  // The list is there at once: a key that follows is not typed into the text.
  const items = situation(context).then(offeredIn);
  const chosen = await window.showQuickPick(items, { placeHolder: "Relive" });
  if (chosen !== undefined) {
    await commands.executeCommand(chosen.id);
  }
};

async function situation(context: Context): Promise<Now> {
  const { status, store, recovery, comebacks, held } = context;
  const { offers, unfinished } = recovery.recoveries;
  const [kept, sessions] = await Promise.all([stored("kept"), stored("sessions")]);
  return {
    ...aboutText(context, window.activeTextEditor),
    hasWork: status.hasWork,
    stale: store.staleCount,
    held: held.stacks.each.length,
    stuck: Boolean(status.session?.unresponsive),
    captures: context.captured.isOn,
    hasSession: status.session !== undefined,
    hasProcess: status.hasProcess,
    hasResults: store.some(() => true),
    undoable: status.hasProcess && store.some(canBeUndone),
    keeps: kept.some((name) => name.endsWith(".kept")),
    hasLog: sessions.length > 0,
    lost: comebacks.lost.length,
    recoverable: sum(offers.map(({ evaluations }) => evaluations)),
    unfinished: sum(unfinished.map(({ left }) => left.length)),
  };
}

type AboutText = Pick<
  Now,
  "inPython" | "inLibrary" | "inCall" | "rewindable" | "hasValue" | "hasText" | "pins"
>;

/** What there is in the file that is edited, and at its cursor. */
function aboutText(
  { store, captured, pinning }: Context,
  editor: TextEditor | undefined,
): AboutText {
  const { annotations } = atCursor(store);
  const uri = editor?.document.uri;
  return {
    inPython: editor?.document.languageId === "python",
    inLibrary: uri?.scheme === "file" && isLibrary(uri),
    inCall: editor !== undefined && captured.atCursor(editor) !== undefined,
    rewindable: annotations.some(canBeUndone),
    hasValue: annotations.some(({ content }) => content.kind === "value"),
    hasText: annotations.some(({ content }) => said(content) !== null),
    pins: pinning.board.writtenIn(uri?.toString() ?? "")?.items.length ?? 0,
  };
}

/** It may be in an environment inside the folder. */
function isLibrary(uri: Uri): boolean {
  const isInstalled = /[/\\](site|dist)-packages[/\\]/.test(uri.fsPath);
  return isInstalled || workspace.getWorkspaceFolder(uri) === undefined;
}

/** The files that the daemon has written there, in the folder that is worked in. */
async function stored(name: string): Promise<string[]> {
  const folder = folderAtHand();
  if (folder === "") {
    return [];
  }
  const place = Uri.joinPath(Uri.parse(folder), ".relive", name);
  const found = await Promise.resolve(workspace.fs.readDirectory(place)).catch(() => []);
  return found.map(([file]) => file);
}

function canBeUndone(annotation: Annotation): boolean {
  return evaluationOf(annotation) !== undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
