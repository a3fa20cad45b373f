// Texts of ours as read-only documents: results, and the two sides of a change.

import {
  commands,
  type Disposable,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from "vscode";

const SCHEME = "relive-result";
/** A tab in the background asks for its text again when it is shown; older ones than these have none. */
const MAX_TEXTS = 20;

/** One side of a comparison. */
export interface Side {
  readonly is: string;
  readonly of: string | Uri;
}

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

  async open(title: string, text: string, preserveFocus = false): Promise<void> {
    const document = await workspace.openTextDocument(this.#keep(title, text));
    await window.showTextDocument(document, { preview: true, preserveFocus });
  }

  /** Shows the difference between two texts, or between one and a file; each with what it is. */
  async compare(title: string, before: Side, after: Side): Promise<void> {
    const sides = [before, after].map(({ of }) => (of instanceof Uri ? of : this.#keep(title, of)));
    const titled = `${title}: ${before.is} ↔ ${after.is}`;
    await commands.executeCommand("vscode.diff", ...sides, titled);
  }

  #keep(title: string, text: string): Uri {
    this.#count += 1;
    const uri = Uri.from({ scheme: SCHEME, path: `/${title}`, query: String(this.#count) });
    this.#texts.set(uri.toString(), text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MAX_TEXTS && oldest !== undefined) {
      this.#texts.delete(oldest);
    }
    return uri;
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
