// What lists say of versions of definitions, and of definitions that process and disk have otherwise. No vscode.

import { inList } from "../annotations/plainText";
import type { Difference, Version } from "../protocol.gen";
import { whenOf } from "./words";

const MAX_LINE = 90;

const HOW: Readonly<Record<NonNullable<Version["kind"]>, string>> = {
  evaluate: "Evaluated",
  redefine: "Redefined",
  revert: "Reverted",
  undo: "Brought back by an undo",
};

const ORIGINS: Readonly<Partial<Record<Version["origin"], string>>> = {
  save: "on save",
  disk: "as the file changed on disk",
  replay: "by a recovery",
  python: "by a program",
};

/** How the version came to run. */
export function howOf({ kind, origin }: Version): string {
  const how = kind === null ? "Loaded with its file" : HOW[kind];
  return [how, ORIGINS[origin] ?? ""].filter((part) => part !== "").join(" ");
}

export function stateOf({ at, running, inFile }: Version, now: Date): string {
  return [
    at === null ? "" : whenOf(at, now),
    running ? "runs now" : "",
    inFile ? "in the file" : "",
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/** The first line that is not as it was in the version before; of the oldest its first. */
export function firstChange(text: string, before: string | undefined): string {
  const lines = text.split("\n");
  const old = before?.split("\n") ?? [];
  const found = lines.find((line, index) => line !== old[index]) ?? lines.at(-1) ?? "";
  return inList(found, MAX_LINE);
}

/** Where the definition is, if it is not in both. */
export function wherein({ running, disk, inDocument }: Difference): string {
  if (running === null) {
    return "not in the process";
  }
  if (disk === null) {
    return "not on disk";
  }
  return inDocument === undefined ? "" : "unsaved text differs too";
}
