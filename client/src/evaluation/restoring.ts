// What a window that was loaded anew has missed: results that stand, and what was printed meanwhile.

import { Disposable, type TextDocument, workspace } from "vscode";
import type { Context } from "../context";
import { keyOf, openDocument } from "../documents";
import { shownCommand } from "../protocol";
import type { OutputParams, ShownResult } from "../protocol.gen";

export class CatchingUp implements Disposable {
  readonly #context: Context;
  readonly #subscriptions: Disposable;
  /** The documents whose results are shown again; undefined: there is nothing to catch up on. */
  #shown: Set<string> | undefined;

  constructor(context: Context) {
    this.#context = context;
    const { daemon } = context;
    this.#subscriptions = Disposable.from(
      daemon.onDidJoin(() => void this.#tried(() => this.#catchUp())),
      daemon.onDidLose(() => {
        this.#shown = undefined;
      }),
      workspace.onDidOpenTextDocument((document) => void this.#tried(() => this.#opened(document))),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #catchUp(): Promise<void> {
    this.#shown = new Set(workspace.textDocuments.map(keyOf));
    const { results, output, outputDropped } = await this.#context.daemon.query(shownCommand, {});
    this.#showAgain(results);
    this.#print(output, outputDropped);
  }

  async #opened(document: TextDocument): Promise<void> {
    const key = keyOf(document);
    if (document.languageId === "python" && this.#shown?.has(key) === false) {
      this.#shown.add(key);
      const uri = document.uri.toString();
      const { results } = await this.#context.daemon.query(shownCommand, { uri });
      this.#showAgain(results);
    }
  }

  #showAgain(results: readonly ShownResult[]): void {
    const { evaluations, store } = this.#context;
    for (const result of results) {
      evaluations.showAgain(result);
      if (result.stale !== null) {
        const key = openDocument(result.uri)?.key ?? result.uri;
        store.doubt(key, new Map([[result.id, result.stale]]));
      }
    }
  }

  #print(output: readonly OutputParams[], dropped: number): void {
    if (dropped > 0) {
      const text = `[${String(dropped)} characters of output before this were not kept]\n`;
      this.#context.output.add({ id: null, stream: "stderr", text });
    }
    for (const each of output) {
      this.#context.output.add(each);
    }
  }

  /** Nobody has asked for it: that it cannot be is for the log. */
  async #tried(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (failure) {
      this.#context.log.error(String(failure));
    }
  }
}
