// The pins and doctests of all files, as the daemon told of them last.

import { type Disposable, EventEmitter } from "vscode";
import type { FilePins } from "../protocol.gen";

export class PinBoard implements Disposable {
  readonly #files = new Map<string, FilePins>();
  readonly #changed = new EventEmitter<FilePins>();

  /** A file's are others, or were tried. */
  readonly onDidChange = this.#changed.event;

  get files(): FilePins[] {
    return [...this.#files.values()];
  }

  /** What is written in a file: the pins of the source file it is, or has the pins of. */
  writtenIn(uri: string): FilePins | undefined {
    return this.#files.get(uri) ?? this.files.find(({ pinsUri }) => pinsUri === uri);
  }

  take(told: FilePins): void {
    this.#files.set(told.uri, told);
    this.#changed.fire(told);
  }

  /** The daemon is gone, and all that was known. */
  forget(): void {
    const files = this.files;
    this.#files.clear();
    for (const { uri, pinsUri } of files) {
      this.#changed.fire({ uri, items: [], ...(pinsUri === undefined ? {} : { pinsUri }) });
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
