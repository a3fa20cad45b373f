// What programs print, as a terminal may be given it: each piece under its evaluation, and harmless.

/** What a program may do: colour, move about, erase. Not: ask, name windows, copy, take over the screen or the mouse. */
const ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  /\u001b(?:\[([0-?]*)[ -/]*([@-~])|[\]P_^X][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
const ALLOWED = /^[mABCDEFGHJKLMPSTX@df]$/;
/** One whose end has not come yet, unless it is longer than any that is allowed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const BEGUN = /\u001b(?:\[[0-?]*[ -/]*|[\]P_^X][^\u0007\u001b]{0,2000}\u001b?)?$/;
/** Bells, shifts and the like. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROLS = /[\u0000-\u0007\u000b-\u000c\u000e-\u001a\u001c-\u001f\u007f\u0080-\u009f]/g;
const RESET = "\u001b[0m";

export class TerminalText {
  #source: string | undefined;
  #midLine = false;
  /** The beginning of an escape sequence, of the source that came last. */
  #begun = "";

  /** Gives what to write when `source` has printed `text`; `heading` is asked for when another did before. */
  add(source: string, text: string, heading: () => string): string {
    const head = source === this.#source ? "" : this.#change(source) + heading();
    const whole = this.#begun + text;
    this.#begun = BEGUN.exec(whole)?.[0] ?? "";
    const shown = harmless(whole.slice(0, whole.length - this.#begun.length));
    if (shown !== "") {
      this.#midLine = !shown.endsWith("\n");
    }
    return head + shown;
  }

  #change(source: string): string {
    const ending = this.#source === undefined ? "" : RESET + (this.#midLine ? "\r\n" : "");
    this.#source = source;
    this.#begun = "";
    this.#midLine = false;
    return ending;
  }
}

function harmless(text: string): string {
  return text
    .replace(ESCAPE, (found: string, parameters?: string, final?: string) =>
      final !== undefined && ALLOWED.test(final) && !/[?<=>]/.test(parameters ?? "") ? found : "",
    )
    .replace(CONTROLS, "")
    .replace(/\r?\n/g, "\r\n");
}
