// What another extension exports, when it is there: no dependency on it, and no trust in its shape.

import { type Disposable, extensions, type LogOutputChannel } from "vscode";

export class OtherExtension<Exports extends object> {
  readonly #id: string;
  readonly #log: LogOutputChannel;

  constructor(id: string, log: LogOutputChannel) {
    this.#id = id;
    this.#log = log;
  }

  /** Asks the extension something; undefined when it is not there or anything at all goes wrong. */
  async ask<T>(
    question: (exports: Partial<Exports>) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    try {
      const exported: unknown = await extensions.getExtension(this.#id)?.activate();
      // SAFETY: every member may be missing, and what a wrong one does is caught here.
      return isObject(exported) ? await question(exported as Partial<Exports>) : undefined;
    } catch (failure) {
      this.#log.warn(`${this.#id}: ${String(failure)}`);
      return undefined;
    }
  }

  /** Subscribes to an event of it, if it has it, once it is active. */
  watch(subscribe: (exports: Partial<Exports>) => Disposable | undefined): Disposable {
    let subscription: Disposable | undefined;
    let disposed = false;
    void this.ask(async (exports) => {
      subscription = disposed ? undefined : subscribe(exports);
    });
    return {
      dispose: () => {
        disposed = true;
        subscription?.dispose();
      },
    };
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
