// Recovering what a process had run, as the commands use it: the offers, the list, the replays.

import { commands, type Memento } from "vscode";
import { cut } from "../annotations/plainText";
import type { Daemon } from "../daemon";
import { folderAtHand } from "../documents";
import { NothingToDo } from "../errors";
import type { Messages } from "../messages";
import { livesCommand, recoverableCommand } from "../protocol";
import type { Recoverable, RecoverableEntry, RecoveryOfferedParams } from "../protocol.gen";
import { requireTrust } from "../trust";
import { pickLife } from "../views/lifeList";
import { RecoveryList } from "../views/recoveryList";
import { suggested } from "./choice";
import { Offering } from "./offering";
import { counted, howItEnded, type Life, type Recoveries, type Unfinished } from "./recoveries";
import { folderName, inFolder, type ReplayParts, Replays, type ShowEntry } from "./replays";

/** Which entries of a life a list is about, and which of them are checked when it opens. */
interface Choice {
  readonly verb: string;
  readonly of: (entries: readonly RecoverableEntry[]) => readonly RecoverableEntry[];
  readonly chosen: (entries: readonly RecoverableEntry[]) => readonly RecoverableEntry[];
}

/** A title of two lines takes room from the list. */
const MAX_REASON = 60;
/** For the command that goes on with it. */
const CONTEXT_KEY = "relive.recoveryUnfinished";

const WHOLE: Choice = { verb: "Recover", of: (entries) => entries, chosen: suggested };

export class Recovery {
  readonly replays: Replays;
  readonly #offering: Offering;
  readonly #daemon: Daemon;
  readonly #messages: Messages;
  readonly #lookAtEntry: ShowEntry;
  /** The list that is shown, or was shown last. */
  list: RecoveryList | undefined;

  constructor(memory: Memento, lookAtEntry: ShowEntry, parts: Omit<ReplayParts, "recoveries">) {
    this.#daemon = parts.daemon;
    this.#messages = parts.messages;
    this.#lookAtEntry = lookAtEntry;
    this.#offering = new Offering(memory);
    this.recoveries.onDidChange(() => {
      const isUnfinished = this.recoveries.unfinished.length > 0;
      void commands.executeCommand("setContext", CONTEXT_KEY, isUnfinished);
    });
    this.replays = new Replays({ ...parts, recoveries: this.recoveries });
  }

  get recoveries(): Recoveries {
    return this.#offering.recoveries;
  }

  async offered(params: RecoveryOfferedParams): Promise<void> {
    await this.#offering.take(params, {
      definitionsOnly: (offer) => this.replays.recover(offer.folder, offer),
      fail: (failure) => this.#messages.failure(failure),
    });
  }

  /** Opens the list of what a life had run. */
  async open(folder: string, life: Life): Promise<void> {
    await this.#open(folder, life, WHOLE);
  }

  /** Lets the user choose among all lives of the folder at hand. */
  async choose(): Promise<void> {
    const folder = folderAtHand();
    const lives = await this.#daemon.execute(requireTrust(), livesCommand, inFolder(folder));
    const chosen = await pickLife(lives);
    if (chosen !== undefined) {
      await this.open(folder, chosen);
    }
  }

  /** Opens the list of what a replay left: the entry that failed is there, and not checked. */
  async goOn(unfinished: Unfinished): Promise<void> {
    const left = new Set(unfinished.left);
    const failed = unfinished.failed?.entry.id;
    await this.#open(unfinished.folder, unfinished, {
      verb: "Go On Recovering",
      of: (entries) => entries.filter(({ id }) => left.has(id)),
      chosen: (entries) => entries.filter(({ id }) => id !== failed),
    });
  }

  async #open(folder: string, life: Life, { verb, of, chosen }: Choice): Promise<void> {
    const recoverable = await this.#entriesOf(folder, life);
    const entries = of(recoverable.entries);
    const title = `${verb}: ${folderName(folder)}${afterword(recoverable)}`;
    this.list = new RecoveryList(
      { title, entries, chosen: chosen(entries) },
      {
        recover: (ids) => this.replays.recover(folder, life, ids),
        show: this.#lookAtEntry,
        others: () => this.choose(),
        dismiss: () => this.replays.dismiss({ folder, ...life }),
        fail: (failure) => this.#messages.failure(failure),
      },
    );
    this.list.show();
  }

  async #entriesOf(folder: string, { session, life }: Life): Promise<Recoverable> {
    const params = { session, life, ...inFolder(folder) };
    const found = await this.#daemon.execute(requireTrust(), recoverableCommand, params);
    if (found === null || found.entries.length === 0) {
      this.recoveries.settle({ session, life });
      throw new NothingToDo("there is nothing to recover");
    }
    return found;
  }
}

function afterword({ reason, damaged }: Recoverable): string {
  const lost = damaged === 0 ? "" : `${counted(damaged, "record")} damaged and left out`;
  return [cut(howItEnded(reason), MAX_REASON), lost]
    .filter((part) => part !== "")
    .map((part) => ` · ${part}`)
    .join("");
}
