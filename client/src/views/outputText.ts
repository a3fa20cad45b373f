// What programs print, as lines of an output channel, which can neither overwrite nor colour.

import { overwritten } from "../evaluation/lastLine";

/** Terminal control: colours, cursor movement, titles. */
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

export class OutputText {
  /** A line that a carriage return has begun to overwrite: only its last state is worth a line. */
  #held = "";
  #midLine = false;
  #source: string | undefined;

  /** Gives what to append when `source` has printed `text`. */
  add(source: string, text: string): string {
    const heading = source === this.#source ? "" : this.#heading(source);
    const lines = (this.#held + text.replace(ESCAPES, "").replace(/\r\n/g, "\n")).split("\n");
    const last = lines.pop() ?? "";
    this.#held = last.includes("\r") ? last : "";
    const shown = [...lines.map(overwritten), this.#held === "" ? last : ""].join("\n");
    this.#midLine = shown === "" ? this.#midLine : !shown.endsWith("\n");
    return heading + shown;
  }

  /** Gives what is still held, when nobody will overwrite it any more. */
  flush(): string {
    const held = overwritten(this.#held);
    this.#held = "";
    this.#midLine ||= held !== "";
    return held;
  }

  #heading(source: string): string {
    this.#source = source;
    const rest = this.flush();
    const ending = this.#midLine ? "\n" : "";
    this.#midLine = false;
    return `${rest}${ending}─── ${source}\n`;
  }
}
