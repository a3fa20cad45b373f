// Keeps what is held up to date: asks the daemon whenever it says that something else is held.

import { commands, Disposable, EventEmitter, Uri } from "vscode";
import type { Daemon } from "../daemon";
import { framesCommand } from "../protocol";
import type { HeldFrame, SessionParams } from "../protocol.gen";
import { HeldStacks } from "./stacks";

export class Held implements Disposable {
  readonly stacks = new HeldStacks();
  readonly #daemon: Daemon;
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;
  /** What was asked last of each folder: an older answer is none any more. */
  readonly #asked = new Map<string, number>();

  readonly onDidChange = this.#changed.event;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.#subscriptions = Disposable.from(
      this.#changed,
      daemon.onDidLose(() => {
        this.stacks.clear();
        this.#tell();
      }),
    );
  }

  /** A session is in another state: what it holds, and the values there, may be others. */
  changed({ folder = "", state, holds = [] }: SessionParams): void {
    if (holds.length === 0) {
      this.#put(folder, []);
    } else if (state === "held" || this.stacks.lacks(folder, holds)) {
      void this.renew(folder).catch(() => undefined); // the daemon is gone, and all with it
    }
  }

  /** Where the frames stand by now: texts are edited while they are held. */
  async place(): Promise<void> {
    await Promise.all(this.stacks.folders.map((folder) => this.renew(folder)));
  }

  async renew(folder: string): Promise<void> {
    const number = (this.#asked.get(folder) ?? 0) + 1;
    this.#asked.set(folder, number);
    const { items } = await this.#daemon.query(framesCommand, folder === "" ? {} : { uri: folder });
    if (this.#asked.get(folder) === number) {
      this.#put(folder, items.map(asKnown));
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #put(folder: string, frames: readonly HeldFrame[]): void {
    if (frames.length === 0) {
      this.#asked.set(folder, (this.#asked.get(folder) ?? 0) + 1);
    }
    if (this.stacks.put(folder, frames)) {
      this.#tell();
    }
  }

  #tell(): void {
    void commands.executeCommand("setContext", "relive.held", this.stacks.all.length > 0);
    this.#changed.fire();
  }
}

/** Documents are compared by the editor's way of writing their URIs. */
function asKnown(frame: HeldFrame): HeldFrame {
  return frame.uri === null ? frame : { ...frame, uri: Uri.parse(frame.uri).toString() };
}
