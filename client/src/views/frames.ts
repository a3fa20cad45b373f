// The frames of an error as a list to walk through, and a place in a file shown.

import { type QuickPickItem, QuickPickItemKind, Range, Uri, window, workspace } from "vscode";
import { headline } from "../annotations/content";
import { assignment, fileName, ordered } from "../annotations/errorText";
import { inList } from "../annotations/plainText";
import { findDocument } from "../documents";
import { UserError } from "../errors";
import type { Range as DocumentRange, ErrorInfo, FrameInfo, LinkedError } from "../protocol.gen";

interface Item extends QuickPickItem {
  readonly frame?: FrameInfo;
}

const MAX_DETAIL = 300;

/** Lets the user walk through the frames, own code first; the one that is chosen is gone to. */
export async function pickFrame(error: ErrorInfo): Promise<FrameInfo | undefined> {
  const chosen = await window.showQuickPick(itemsOf(error), {
    title: inList(headline(error)),
    placeHolder: "Go to a line the error came through, your own code first",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.frame;
}

function itemsOf(error: ErrorInfo | LinkedError): Item[] {
  const parts = [...error.causes, ...error.exceptions];
  return [
    ...ordered(error.frames).map(itemOf),
    ...parts.flatMap((other) => [separator(headline(other)), ...itemsOf(other)]),
  ];
}

function separator(text: string): Item {
  return { label: inList(text, MAX_DETAIL), kind: QuickPickItemKind.Separator };
}

function itemOf(frame: FrameInfo): Item {
  const { uri, name, line, text, own, locals = [], omitted } = frame;
  const file = uri === null ? "in no file" : fileName(uri);
  const folded = omitted === undefined ? "" : ` · after ${omitted} more of these`;
  return {
    label: inList(`${name}, line ${line + 1}`),
    description: inList(`${file}${own ? "" : " · library"}${folded}`),
    detail: inList([text, ...locals.map(assignment)].join("   "), MAX_DETAIL),
    frame,
  };
}

/** Shows a place the daemon named: files alone, and what is open already. `preserveFocus`: it is only looked at. */
export async function showPlace(
  uri: string,
  range: DocumentRange,
  preserveFocus = false,
): Promise<void> {
  const place = Uri.parse(uri);
  const opened = findDocument(uri);
  if (place.scheme !== "file" && opened === undefined) {
    throw new UserError("This code is in no file that could be shown.");
  }
  const document = opened ?? (await openFile(place));
  const { start, end } = range;
  const selection = new Range(start.line, start.character, end.line, end.character);
  const shown = { selection: document.validateRange(selection), preserveFocus };
  await window.showTextDocument(document, shown);
}

async function openFile(file: Uri) {
  try {
    return await workspace.openTextDocument(file);
  } catch {
    throw new UserError(`${fileName(file.path)} cannot be opened; it may be gone by now.`);
  }
}
