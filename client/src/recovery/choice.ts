// Which entries of a life are replayed: the choices the recovery list offers. No vscode.

import type { RecoverableEntry } from "../protocol.gen";

type Entries = readonly RecoverableEntry[];

/** The code was kept out of the log: there is nothing to run. */
export function canReplay({ hidden }: RecoverableEntry): boolean {
  return !hidden;
}

/**
 * What is chosen when the list opens. It is a look at what may act on files or network, so that
 * alone leaves nothing out; what was running at the end, or was interrupted, may be what broke it.
 */
export function suggested(entries: Entries): RecoverableEntry[] {
  return entries.filter((entry) => entry.replays || isLeftForEffectsAlone(entry));
}

function isLeftForEffectsAlone(entry: RecoverableEntry): boolean {
  const { effects, suspect, status } = entry;
  const brokeOff = suspect || status === "interrupted" || status === "died";
  return effects === "unknown" && !brokeOff && canReplay(entry);
}

export function all(entries: Entries): RecoverableEntry[] {
  return entries.filter(canReplay);
}

/** What runs without a look: definitions, imports, plain data. */
export function harmless(entries: Entries): RecoverableEntry[] {
  return entries.filter(({ replays }) => replays);
}

/** The same without the last that is chosen. */
export function withoutLast(entries: Entries, chosen: Entries): RecoverableEntry[] {
  const ids = idsOf(chosen);
  return entries.filter(({ id }) => ids.has(id)).slice(0, -1);
}

/** In the order they ran in, whatever the order they were chosen in. */
export function inOrder(entries: Entries, chosen: Entries): string[] {
  const ids = idsOf(chosen);
  return entries.filter((entry) => ids.has(entry.id) && canReplay(entry)).map(({ id }) => id);
}

function idsOf(entries: Entries): ReadonlySet<string> {
  return new Set(entries.map(({ id }) => id));
}
