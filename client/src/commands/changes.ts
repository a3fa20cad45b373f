// What can be done in the view Changes: with an entry of it, and to bring it up to date.

import { Uri, window } from "vscode";
import { codeOf, whenOf } from "../changelog/words";
import type { Context } from "../context";
import { NothingToDo } from "../errors";
import { entryCommand, evaluateTextCommand, redefineToCommand } from "../protocol";
import type { EntryDefinition, HistoryEntry } from "../protocol.gen";
import { wholeText } from "../recovery/showEntry";
import { requireTrust } from "../trust";
import { focusChanges, isEntryNode, isMoreNode } from "../views/changesView";
import { showPlace } from "../views/frames";
import type { Run } from "./command";
import { changeNamed } from "./definition";

export const showChangeLogRun: Run = () => focusChanges();

export const renewChangesRun: Run = ({ changes }) => changes.renew();

export const olderChangesRun: Run = async ({ changes }, argument) => {
  if (isMoreNode(argument)) {
    await changes.loadMore(argument.folder);
  }
};

/** Where it stands, or else what was recorded of it. */
export const openChangeRun: Run = async (context, argument) => {
  const { uri, range, stands } = await asItStands(context, argument);
  if (uri !== null && range !== null && stands) {
    await showPlace(uri, range);
  } else {
    await changeTextRun(context, argument);
  }
};

export const changeTextRun: Run = async ({ daemon, resultDocuments }, argument) => {
  const entry = entryOf(argument);
  await resultDocuments.open("change.py", await wholeText(daemon, entry));
};

/** The whole file as it was then, beside it as it is now. */
export const compareChangeRun: Run = async ({ daemon, resultDocuments }, argument) => {
  const { id, uri, at } = entryOf(argument);
  if (uri === null) {
    throw new NothingToDo("it was in no file");
  }
  const { document } = await daemon.execute(requireTrust(), entryCommand, { id, uri });
  if (document === null) {
    throw new NothingToDo("what the file said then was not recorded");
  }
  const file = Uri.parse(uri);
  const title = file.path.slice(file.path.lastIndexOf("/") + 1);
  const then = { is: whenOf(at, new Date()), of: document };
  await resultDocuments.compare(title, then, { is: "now", of: file });
};

export const redefineToChangeRun: Run = async (context, argument) => {
  const { id, definitions } = entryOf(argument);
  const definition = await oneOf(definitions.filter(({ kind }) => kind !== "statement"));
  if (definition !== undefined && definition.uri !== null) {
    const { uri, name } = definition;
    await changeNamed(context, redefineToCommand, { uri, name, entry: id });
  }
};

async function oneOf(
  definitions: readonly EntryDefinition[],
): Promise<EntryDefinition | undefined> {
  if (definitions.length < 2) {
    return definitions[0];
  }
  const items = definitions.map((definition) => ({ label: definition.name, definition }));
  const title = "Redefine to This Version";
  return (await window.showQuickPick(items, { title }))?.definition;
}

/** At its place, where its result can be seen, if it still stands there. */
export const runChangeRun: Run = async (context, argument) => {
  const entry = await asItStands(context, argument);
  const { uri, range, stands } = entry;
  if (uri !== null && range !== null && stands) {
    await showPlace(uri, range);
    await context.evaluate({ uri, scope: "selection", range });
  } else {
    await runText(context, entry);
  }
};

async function runText({ daemon, messages }: Context, entry: HistoryEntry): Promise<void> {
  const text = await wholeText(daemon, entry);
  const params = entry.uri === null ? { text } : { text, uri: entry.uri };
  const { status } = await daemon.execute(requireTrust(), evaluateTextCommand, params);
  messages.notice(`${codeOf(entry)}: ${status}`);
}

/** The text may have been edited since the view was brought up to date. */
async function asItStands({ daemon }: Context, argument: unknown): Promise<HistoryEntry> {
  const { id, uri } = entryOf(argument);
  const params = uri === null ? { id } : { id, uri };
  return (await daemon.execute(requireTrust(), entryCommand, params)).entry;
}

function entryOf(argument: unknown): HistoryEntry {
  if (!isEntryNode(argument)) {
    throw new NothingToDo("choose an entry in the view Changes first");
  }
  return argument.entry;
}
