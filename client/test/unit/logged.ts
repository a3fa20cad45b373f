// Entries of a change log, as the daemon tells them.
import type { HistoryEntry, RecoverableEntry } from "../../src/protocol.gen";

export const SESSION = "20261126T182501-3f9a2c";

export function logged(number: number, more: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    id: `${SESSION}:${number}`,
    session: SESSION,
    current: true,
    life: 1,
    kind: "evaluate",
    uri: "file:///shop/prices.py",
    range: { start: { line: number, character: 0 }, end: { line: number, character: 5 } },
    text: `x${number} = ${number}`,
    textTruncated: false,
    name: null,
    definitions: [],
    at: "2026-11-26T18:25:01Z",
    origin: "command",
    status: "ok",
    durationMs: 12,
    effects: "data",
    stands: true,
    hidden: false,
    ...more,
  };
}

export function recoverable(
  number: number,
  more: Partial<RecoverableEntry> = {},
): RecoverableEntry {
  return { ...logged(number), replays: true, suspect: false, ...more };
}
