// What the explorer and the tabs show of files with edited definitions: a badge.

import {
  type Disposable,
  EventEmitter,
  type FileDecoration,
  type FileDecorationProvider,
  Uri,
} from "vscode";
import type { Definitions } from "./definitions";
import { isEdited } from "./known";
import { counted } from "./words";

/** What the file says is not what runs. */
const BADGE = "≠";

export class EditedFiles implements FileDecorationProvider, Disposable {
  readonly #definitions: Definitions;
  readonly #changed = new EventEmitter<Uri[]>();
  readonly #subscription: Disposable;

  readonly onDidChangeFileDecorations = this.#changed.event;

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
    this.#subscription = definitions.onDidChange((uris) =>
      this.#changed.fire(uris.map((uri) => Uri.parse(uri))),
    );
  }

  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    const edited = this.#definitions.known.of(uri.toString()).filter(isEdited);
    return edited.length === 0
      ? undefined
      : {
          badge: BADGE,
          tooltip: `${counted(edited.length, "edited definition")}: the process runs another text`,
        };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
