// Keeps what is known of definitions up to date: asks the daemon about files it says have changed.

import { Disposable, EventEmitter, Uri, window } from "vscode";
import type { Daemon } from "../daemon";
import { findDocument } from "../documents";
import { definitionsCommand } from "../protocol";
import type { DefinitionState } from "../protocol.gen";
import { KnownDefinitions } from "./known";

/** Who types goes on typing: places are asked for again once there was a pause. */
const ASKED_AGAIN_MS = 300;

export class Definitions implements Disposable {
  readonly known = new KnownDefinitions();
  readonly #daemon: Daemon;
  readonly #changed = new EventEmitter<readonly string[]>();
  readonly #again = new Map<string, NodeJS.Timeout>();
  /** The documents' versions that the known places are of. */
  readonly #versions = new Map<string, number | undefined>();
  readonly #subscriptions: Disposable;

  /** Something else is known of these files. */
  readonly onDidChange = this.#changed.event;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.#subscriptions = Disposable.from(
      this.#changed,
      daemon.onDidLose(() => this.#forget()),
      // Who has asked for all is told of each file whose definitions are in another state.
      daemon.onDidChangeState((state) => state === "running" && this.askAllSoon()),
      window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) {
          this.#placeAnew(document.uri.toString());
        }
      }),
    );
  }

  /** The daemon says that definitions of these files are in another state. */
  changed(uris: readonly string[]): void {
    for (const uri of uris) {
      this.#ask(Uri.parse(uri).toString());
    }
  }

  /** Asks about all files that are open or loaded; more may be told of later. */
  async askAll(): Promise<void> {
    const { items } = await this.#daemon.query(definitionsCommand, {});
    const keyed = items.map((item) => ({ key: Uri.parse(item.uri).toString(), item }));
    const uris = [...new Set([...this.known.uris, ...keyed.map(({ key }) => key)])];
    for (const uri of uris) {
      const own = keyed.filter(({ key }) => key === uri).map(({ item }) => item);
      this.#put(uri, own);
    }
    this.#changed.fire(uris);
  }

  askAllSoon(): void {
    void this.askAll().catch(() => undefined); // the daemon is gone
  }

  dispose(): void {
    for (const timer of this.#again.values()) {
      clearTimeout(timer);
    }
    this.#subscriptions.dispose();
  }

  #ask(uri: string): void {
    void this.#askFor(uri).catch(() => undefined); // the daemon is gone: so is what was known
  }

  async #askFor(uri: string): Promise<void> {
    const version = findDocument(uri)?.version;
    const { items } = await this.#daemon.query(definitionsCommand, { uri });
    if (findDocument(uri)?.version === version) {
      this.#put(uri, items);
      this.#changed.fire([uri]);
    } else {
      clearTimeout(this.#again.get(uri));
      this.#again.set(
        uri,
        setTimeout(() => this.#ask(uri), ASKED_AGAIN_MS),
      );
    }
  }

  #put(uri: string, items: readonly DefinitionState[]): void {
    this.known.put(uri, items);
    this.#versions.set(uri, findDocument(uri)?.version);
  }

  /** A document comes into view: it may have been edited since its places were told. */
  #placeAnew(uri: string): void {
    if (this.known.of(uri).length > 0 && this.#versions.get(uri) !== findDocument(uri)?.version) {
      this.#ask(uri);
    }
  }

  #forget(): void {
    const { uris } = this.known;
    this.known.clear();
    this.#versions.clear();
    this.#changed.fire(uris);
  }
}
