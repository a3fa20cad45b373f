// The captured calls as the daemon told of them last, and which of a function's is shown.

import { Disposable, EventEmitter, type TextEditor, Uri, workspace } from "vscode";
import type { Daemon } from "../daemon";
import { keyOf } from "../documents";
import type { CallsCapturedParams, CapturedCall, CapturedCalls } from "../protocol.gen";
import { isTrusted, requireTrust } from "../trust";
import { capturedCommand } from "./protocol";

const PAUSE_MS = 150;

export class Captured implements Disposable {
  readonly #daemon: Daemon;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: Disposable;
  #known: CapturedCalls = { items: [], functions: [] };
  /** By function: the call that the user has chosen to look at. */
  readonly #chosen = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.#subscriptions = Disposable.from(
      this.#changed,
      daemon.onDidLose(() => this.take({ items: [], functions: [] })),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.of(keyOf(document)).length > 0) {
          this.#askSoon(); // its lines may be others now
        }
      }),
      { dispose: () => clearTimeout(this.#timer) },
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** Another call of a function is there: the newest is what is looked at. */
  heard({ uri, name }: CallsCapturedParams): void {
    this.#chosen.delete(functionKey(uri, name));
    this.#askSoon();
  }

  take(known: CapturedCalls): void {
    this.#known = known;
    this.#changed.fire();
  }

  async ask(): Promise<void> {
    this.take(await this.#daemon.execute(requireTrust(), capturedCommand, {}));
  }

  choose({ uri, name, call }: CapturedCall): void {
    this.#chosen.set(functionKey(uri, name), call);
    this.#changed.fire();
  }

  /** The functions of a document whose calls are captured. */
  functions(key: string) {
    return this.#known.functions.filter(({ uri }) => isSame(uri, key));
  }

  /** All calls of a function, the latest first. */
  calls(key: string, name: string): CapturedCall[] {
    const found = this.#known.items.filter((call) => isSame(call.uri, key) && call.name === name);
    return found.reverse();
  }

  /** Of each function of a document the call that is shown. */
  of(key: string): CapturedCall[] {
    return this.functions(key).flatMap(({ uri, name }) => {
      const calls = this.calls(key, name);
      const chosen = this.#chosen.get(functionKey(uri, name));
      const shown = calls.find(({ call }) => call === chosen) ?? calls[0];
      return shown === undefined ? [] : [shown];
    });
  }

  /** The call that is shown of the innermost function around a line. */
  at(key: string, line: number): CapturedCall | undefined {
    const around = this.of(key).filter(
      ({ range }) => range.start.line <= line && line < range.end.line,
    );
    return around.sort((one, other) => other.range.start.line - one.range.start.line)[0];
  }

  /** The call that is shown of the function at the cursor. */
  atCursor({ document, selection }: TextEditor): CapturedCall | undefined {
    return this.at(keyOf(document), selection.active.line);
  }

  /** Whether any function's calls are captured. */
  get isOn(): boolean {
    return this.#known.functions.length > 0;
  }

  byNumber(number: number): CapturedCall | undefined {
    return this.#known.items.find(({ call }) => call === number);
  }

  #askSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#daemon.state === "running" && isTrusted()) {
        this.ask().catch(() => undefined); // a daemon that ends meanwhile: it is told elsewhere
      }
    }, PAUSE_MS);
  }
}

function functionKey(uri: string, name: string): string {
  return `${Uri.parse(uri).toString()} ${name}`;
}

function isSame(uri: string, key: string): boolean {
  return Uri.parse(uri).toString() === key;
}
