// The channel with what programs print, each piece under the evaluation it came from.

import { type Disposable, type OutputChannel, window } from "vscode";
import type { OutputParams } from "../protocol.gen";
import { OutputText } from "./outputText";

export class ProgramOutput implements Disposable {
  readonly #channel: OutputChannel = window.createOutputChannel("Relive Output");
  readonly #text = new OutputText();
  readonly #sources = new Map<string, string>();

  /** Names the evaluation that will print under this token. */
  announce(token: string, source: string): void {
    this.#sources.set(token, source);
  }

  add({ id, token, text }: OutputParams): void {
    const source = token ? this.#sources.get(token) : undefined;
    const label = id === null ? "in the background" : `${id}${source ? ` · ${source}` : ""}`;
    this.#channel.append(this.#text.add(label, text));
  }

  /** The evaluation is over; what it printed last will not be overwritten. */
  finish(token: string): void {
    this.#sources.delete(token);
    this.#channel.append(this.#text.flush());
  }

  show(): void {
    this.#channel.show(true);
  }

  dispose(): void {
    this.#channel.dispose();
  }
}
