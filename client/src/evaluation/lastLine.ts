// The last line of what a program printed, as a terminal would show it.

import { withoutEscapes } from "./ansi";

/** More than a screen is wide: what stands before it on the same line is not looked at. */
const MAX_LINE = 2000;

export class LastLine {
  #text = "";

  add(text: string): void {
    this.#text = (this.#text + text).slice(-MAX_LINE);
  }

  /** The line as it is now; null when nothing was printed. */
  get now(): string | null {
    const lines = withoutEscapes(this.#text).replace(/\r\n/g, "\n").split("\n");
    return lines.map(overwritten).findLast((line) => line.trim() !== "") ?? null;
  }

  /** Gives the line, null when nothing was printed, and starts anew. */
  take(): string | null {
    const last = this.now;
    this.#text = "";
    return last;
  }
}

/** What a carriage return let later text overwrite; a trailing one overwrites nothing yet. */
export function overwritten(line: string): string {
  const parts = line.split("\r").filter((part) => part !== "");
  return parts.at(-1) ?? "";
}
