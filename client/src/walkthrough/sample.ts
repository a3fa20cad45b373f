// The sample that the walkthrough opens: a copy of the user's own, to write in as they like.

import { type ExtensionContext, FileSystemError, Uri, workspace } from "vscode";

const NAME = "first_steps.py";

export class Sample {
  readonly #extension: ExtensionContext;

  constructor(extension: ExtensionContext) {
    this.#extension = extension;
  }

  /** Where it is; what was written in it before is still there. */
  async file(): Promise<Uri> {
    const { extensionUri, globalStorageUri } = this.#extension;
    const copy = Uri.joinPath(globalStorageUri, "sample", NAME);
    try {
      await workspace.fs.copy(Uri.joinPath(extensionUri, "client", "walkthrough", NAME), copy);
    } catch (failure) {
      if (!(failure instanceof FileSystemError && failure.code === "FileExists")) {
        throw failure;
      }
    }
    return copy;
  }
}
