// The results panel as a view of the editor: says what to show, and answers what is asked about it.

import { randomBytes } from "node:crypto";
import {
  commands,
  type Disposable,
  type Uri,
  Uri as Uris,
  type WebviewView,
  type WebviewViewProvider,
  window,
} from "vscode";
import { isTrusted, onDidGrantTrust } from "../trust";
import { answer } from "./answers";
import { type Entry, type Exhibits, formatOf, formats, hidesMimes, MORE } from "./exhibits";
import { labelOf } from "./formats";
import { type Exhibit, fromPanel, type Showing, type ToPanel } from "./messages";
import { page } from "./page";
import type { Values } from "./values";

const VIEW = "relive.results";
const EMPTY =
  "Put the cursor on a statement and press Alt+Enter: its value is shown here, as a table, a picture or a tree.";
const NOT_TRUSTED =
  "Values are shown once you trust this workspace: nothing runs before. Relive in the status bar leads to it.";

export class ResultsPanel implements WebviewViewProvider, Disposable {
  readonly #exhibits: Exhibits;
  readonly #values: Values;
  readonly #files: Uri;
  readonly #registration: Disposable;
  readonly #trust: Disposable;
  #view: WebviewView | undefined;
  #posting = false;

  constructor(exhibits: Exhibits, values: Values, extensionUri: Uri) {
    this.#exhibits = exhibits;
    this.#values = values;
    this.#files = Uris.joinPath(extensionUri, "client", "dist", "webview");
    this.#registration = window.registerWebviewViewProvider(VIEW, this);
    exhibits.onDidChange(() => this.#changed());
    this.#trust = onDidGrantTrust(() => this.#changed());
  }

  /** Brings it into sight. */
  async reveal(): Promise<void> {
    await commands.executeCommand(`${VIEW}.focus`);
  }

  resolveWebviewView(view: WebviewView): void {
    this.#view = view;
    const { webview } = view;
    webview.options = { enableScripts: true, localResourceRoots: [this.#files] };
    const part = (name: string): string =>
      webview.asWebviewUri(Uris.joinPath(this.#files, name)).toString();
    webview.onDidReceiveMessage((message: unknown) => void this.#received(message));
    view.onDidChangeVisibility(() => this.#changed());
    view.onDidDispose(() => {
      this.#view = undefined;
    });
    webview.html = page({
      script: part("panel.js"),
      style: part("panel.css"),
      source: webview.cspSource,
      nonce: randomBytes(16).toString("hex"),
    });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#trust.dispose();
  }

  async #received(message: unknown): Promise<void> {
    const said = fromPanel(message);
    switch (said?.kind) {
      case "ready":
        this.#changed();
        break;
      case "choose":
        this.#exhibits.choose(said.id, said.format);
        break;
      case "ask": {
        const entry = this.#exhibits.get(said.id);
        const reply =
          entry === undefined
            ? { failed: "This result is no longer kept." }
            : await answer(this.#values, entry, said.question);
        this.#post({ kind: "answer", ask: said.ask, answer: reply });
        break;
      }
    }
  }

  /** Many results may come at once, as of a file's statements: the panel is told of the last. */
  #changed(): void {
    if (this.#posting) {
      return;
    }
    this.#posting = true;
    setImmediate(() => {
      this.#posting = false;
      this.#show();
    });
  }

  #show(): void {
    const { shown, position, count, pinned } = this.#exhibits;
    setContext("canGoBack", position > 1);
    setContext("canGoForward", position < count);
    setContext("pinned", pinned);
    setContext("hasResult", shown !== undefined);
    setContext("hasValue", shown?.value != null);
    if (this.#view?.visible !== true) {
      return;
    }
    if (shown !== undefined && hidesMimes(shown)) {
      void this.#learn(shown);
      return;
    }
    const exhibit = shown === undefined ? null : exhibitOf(shown);
    const empty = isTrusted() ? EMPTY : NOT_TRUSTED;
    const showing: Showing = { kind: "showing", exhibit, empty, position, count, pinned };
    this.#post(showing);
  }

  /** Asks a value that is looked at for the forms only it knows of. */
  async #learn({ id, value, uri }: Entry): Promise<void> {
    const name = { ref: value?.ref ?? "", ...(uri === null ? {} : { uri }) };
    const answered = await this.#values.mimes(name).catch(() => undefined);
    this.#exhibits.learn(id, answered?.mimes ?? value?.mimes.filter((mime) => mime !== MORE) ?? []);
  }

  #post(message: ToPanel): void {
    void this.#view?.webview.postMessage(message);
  }
}

function setContext(name: string, value: boolean): void {
  void commands.executeCommand("setContext", `relive.panel.${name}`, value);
}

function exhibitOf(entry: Entry): Exhibit {
  const { id, uri, line, code, value, expired } = entry;
  const file = uri === null ? "" : decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
  return {
    id,
    place: line === null ? file : `${file}:${line + 1}`,
    code,
    type: value?.type ?? "",
    summary: value?.summary ?? null,
    formats: formats(entry).map((format) => ({ format, label: labelOf(format) })),
    format: formatOf(entry),
    expired,
  };
}
