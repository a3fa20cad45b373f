// Results as read-only documents of their own.

import { type Disposable, type TextDocumentContentProvider, Uri, window, workspace } from "vscode";

const SCHEME = "relive-result";
/** A tab in the background asks for its text again when it is shown; older ones than these have none. */
const MAX_TEXTS = 20;

export class ResultDocuments implements TextDocumentContentProvider, Disposable {
  readonly #texts = new Map<string, string>();
  readonly #registration: Disposable;
  #count = 0;

  constructor() {
    this.#registration = workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? "This result is no longer kept.";
  }

  async open(title: string, text: string): Promise<void> {
    this.#count += 1;
    const uri = Uri.from({ scheme: SCHEME, path: `/${title}`, query: String(this.#count) });
    this.#texts.set(uri.toString(), text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MAX_TEXTS && oldest !== undefined) {
      this.#texts.delete(oldest);
    }
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
