// What the client asks of pins: read them when their files may be others, try them, pin, unpin.

import { Disposable, RelativePattern, Uri, window, workspace } from "vscode";
import type { Daemon } from "../daemon";
import { keyOf } from "../documents";
import { pinsCommand, runPinsCommand } from "../protocol";
import type { FilePins } from "../protocol.gen";
import { isTrusted, requireTrust } from "../trust";
import { PinBoard } from "./pinBoard";
import { PinMarks } from "./pinMarks";
import { PinTests } from "./pinTests";

export class Pinning implements Disposable {
  readonly board = new PinBoard();
  readonly #daemon: Daemon;
  readonly #subscriptions: Disposable;
  #watching: Disposable | undefined;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.#subscriptions = Disposable.from(
      new PinMarks(this.board),
      new PinTests(this.board, (uri, ids) => this.run(uri, ids)),
      this.board,
      daemon.onDidChangeState((state) => state === "running" && this.#read()),
      daemon.onDidLose(() => this.board.forget()),
      window.onDidChangeVisibleTextEditors(() => this.#readVisible()),
      workspace.onDidSaveTextDocument(({ languageId, uri }) => {
        if (languageId === "python") {
          this.#read(uri.toString());
        }
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("relive.pins")) {
          this.#watch();
          this.#read();
        }
      }),
      workspace.onDidChangeWorkspaceFolders(() => this.#watch()),
      { dispose: () => this.#watching?.dispose() },
    );
    this.#watch();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** Tries the pins of a file, or of all. */
  async run(uri?: string, ids?: string[]): Promise<void> {
    const params = { ...(uri === undefined ? {} : { uri }), ...(ids === undefined ? {} : { ids }) };
    const { files } = await this.#daemon.execute(requireTrust(), runPinsCommand, params);
    this.#take(files);
  }

  #take(files: readonly FilePins[]): void {
    for (const file of files) {
      this.board.take(file);
    }
  }

  /** Has files read anew, whoever has changed them. Starts nothing: a daemon that does not run is not asked. */
  #read(uri?: string): void {
    if (this.#daemon.state !== "running" || !isTrusted()) {
      return;
    }
    this.#daemon
      .execute(requireTrust(), pinsCommand, uri === undefined ? {} : { uri })
      .then(({ files }) => this.#take(files))
      .catch(() => undefined); // a daemon that ends meanwhile: it is told elsewhere
  }

  #readVisible(): void {
    const shown = window.visibleTextEditors.map(({ document }) => document);
    for (const document of new Set(shown)) {
      const uri = keyOf(document);
      if (document.languageId === "python" && document.uri.scheme === "file") {
        this.#read(uri);
      } else {
        const file = this.board.writtenIn(uri);
        if (file !== undefined) {
          this.#read(file.uri);
        }
      }
    }
  }

  #watch(): void {
    this.#watching?.dispose();
    const folder = workspace.getConfiguration("relive").get("pins.folder", "pins");
    const watchers = (workspace.workspaceFolders ?? []).map((each) => {
      const pattern = new RelativePattern(Uri.joinPath(each.uri, folder), "**/*.txt");
      const watcher = workspace.createFileSystemWatcher(pattern);
      watcher.onDidChange(() => this.#read());
      watcher.onDidCreate(() => this.#read());
      watcher.onDidDelete(() => this.#read());
      return watcher;
    });
    this.#watching = Disposable.from(...watchers);
  }
}
