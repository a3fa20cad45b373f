// The last line of what a program printed, as a terminal would show it.

/** More than a screen is wide: what stands before it on the same line is not looked at. */
const MAX_LINE = 2000;

export class LastLine {
  #text = "";

  add(text: string): void {
    this.#text = (this.#text + text).slice(-MAX_LINE);
  }

  /** Gives the line, null when nothing was printed, and starts anew. */
  take(): string | null {
    const lines = this.#text.replace(/\r\n/g, "\n").split("\n");
    this.#text = "";
    const last = lines.reverse().find((line) => line.trim() !== "");
    return last === undefined ? null : overwritten(last);
  }
}

/** What a carriage return let later text overwrite; a trailing one overwrites nothing yet. */
export function overwritten(line: string): string {
  const parts = line.split("\r").filter((part) => part !== "");
  return parts.at(-1) ?? "";
}
