// What programs print, each piece under the code it came from; kept within a bound for whoever looks later.

import type { Disposable } from "vscode";
import { visible } from "../annotations/plainText";
import type { OutputParams, ProgressParams } from "../protocol.gen";
import { AGAIN, type Place } from "./outputLinks";
import { OutputTerminal } from "./outputTerminal";
import { TerminalText } from "./terminalText";

/** Of longer code the rest is not shown: the heading leads to it. */
const MAX_CODE_LINES = 5;
/** What an evaluation has started may print long after its end; older ones than these have no code. */
const MAX_SOURCES = 500;

/** The code that prints. */
interface Source {
  /** As it is said to the user: a file and a line, or an expression. */
  readonly label: string;
  readonly place: Place | undefined;
  code: readonly string[] | undefined;
  isHeaded: boolean;
}

export class ProgramOutput implements Disposable {
  readonly #terminal = new OutputTerminal();
  readonly #text = new TerminalText();
  readonly #sources = new Map<string, Source>();

  /** Names the evaluation that will print under this token. */
  announce(token: string, label: string, place?: Place): void {
    this.#sources.set(token, { label, place, code: undefined, isHeaded: false });
    const [oldest] = this.#sources.keys();
    if (this.#sources.size > MAX_SOURCES && oldest !== undefined) {
      this.#sources.delete(oldest);
    }
  }

  /** Takes note of what runs, as soon as that is known; `code` gives its lines. */
  progress({ token, target }: ProgressParams, code: () => readonly string[]): void {
    const source = token ? this.#sources.get(token) : undefined;
    if (source !== undefined && source.code === undefined && target !== null) {
      source.code = code();
    }
  }

  add({ id, token, text }: OutputParams): void {
    const key = token || String(id);
    this.#terminal.write(this.#text.add(key, text, () => this.#heading(id, token)));
  }

  show(): void {
    this.#terminal.show();
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  #heading(id: number | null, token: string | null | undefined): string {
    const source = token ? this.#sources.get(token) : undefined;
    if (id === null || source === undefined) {
      return headline(id === null ? "in the background" : `evaluation ${id}`);
    }
    const again = source.isHeaded;
    source.isHeaded = true;
    const line = headline(`${source.label} · ${id}${again ? AGAIN : ""}`);
    if (source.place !== undefined) {
      this.#terminal.link(`▸ ${source.label} · ${id}`, source.place);
    }
    return again ? line : line + codeOf(source);
  }
}

function headline(text: string): string {
  return `\u001b[34m▸ ${oneLine(text)}\u001b[0m\r\n`;
}

function codeOf({ code = [] }: Source): string {
  const shown = code.slice(0, MAX_CODE_LINES).map(oneLine);
  const rest = code.length - shown.length;
  const lines = rest > 0 ? [...shown, `… ${rest} more lines`] : shown;
  return lines.map((line) => `\u001b[2m${line}\u001b[0m\r\n`).join("");
}

function oneLine(text: string): string {
  return visible(text).replace(/\n/g, "⏎");
}
