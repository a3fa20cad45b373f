// Runs entries of the change log again: shows how it goes, and asks what to do where one fails.

import { Uri, window, workspace } from "vscode";
import { headline } from "../annotations/content";
import { cut, withoutLinks } from "../annotations/plainText";
import { codeOf, placeOf } from "../changelog/words";
import type { Daemon } from "../daemon";
import { relativePath } from "../documents";
import type { Evaluations } from "../evaluation/evaluations";
import type { Messages } from "../messages";
import type { DaemonCommand } from "../protocol";
import { dismissRecoveryCommand, interruptCommand, recoverCommand } from "../protocol";
import type {
  FailedEntry,
  HistoryEntry,
  RecoverParams,
  Replay,
  ReplayedSession,
  ReplayParams,
} from "../protocol.gen";
import { requireTrust } from "../trust";
import { counted, type Life, type Recoveries, type Unfinished } from "./recoveries";
import { ReplayProgress } from "./replayProgress";

const MAX_MESSAGE = 400;
const SKIP = "Skip and Go On";
const GO_ON = "Go On";
const EDIT = "Edit";
const STOP = "Stop Here";

/** Shows an entry's code: in its file, or its text. */
export type ShowEntry = (entry: HistoryEntry) => Promise<void>;

/** What replays work with. */
export interface ReplayParts {
  readonly daemon: Daemon;
  readonly recoveries: Recoveries;
  readonly evaluations: Evaluations;
  readonly messages: Messages;
  readonly editEntry: ShowEntry;
}

export class Replays {
  readonly #daemon: Daemon;
  readonly #recoveries: Recoveries;
  readonly #evaluations: Evaluations;
  readonly #messages: Messages;
  readonly #editEntry: ShowEntry;
  /** The progress of what runs again, by folders. */
  readonly #progress = new Map<string, ReplayProgress>();
  /** The entry that ran last, by folders: it tells whose life is replayed. */
  readonly #last = new Map<string, HistoryEntry>();

  constructor({ daemon, recoveries, evaluations, messages, editEntry }: ReplayParts) {
    this.#daemon = daemon;
    this.#recoveries = recoveries;
    this.#evaluations = evaluations;
    this.#messages = messages;
    this.#editEntry = editEntry;
  }

  /** Runs entries of a life again; without `entries` those that need no look. */
  async recover(folder: string, life: Life, entries?: readonly string[]): Promise<void> {
    const { session, life: number } = life;
    const params: RecoverParams = { session, life: number, ...inFolder(folder) };
    if (entries !== undefined) {
      params.entries = [...entries];
    }
    await this.run(folder, recoverCommand, params, life);
  }

  /** Runs entries again that the process which runs has lost. */
  async recoverEntries(folder: string, entries: string[]): Promise<void> {
    const params: RecoverParams = { entries, ...inFolder(folder) };
    await this.run(folder, recoverCommand, params);
  }

  /** Has the daemon replay something, and tells what came of it. */
  async run<Argument>(
    folder: string,
    command: DaemonCommand<Argument, ReplayedSession>,
    params: Argument,
    life?: Life,
  ): Promise<void> {
    const answer = await this.#withProgress(folder, () =>
      this.#daemon.execute(requireTrust(), command, params),
    );
    const of = life ?? this.#last.get(folder);
    if (answer.replay !== undefined && of !== undefined) {
      this.#recoveries.replayed(folder, of, answer.replay);
      await this.#tell(folder, answer.replay);
    }
  }

  /** Takes what the daemon says of a replay while it runs. */
  progress({ folder = "", total, done, entry }: ReplayParams): void {
    if (entry === null || total === 0) {
      return;
    }
    this.#last.set(folder, entry);
    this.#evaluations.replays(entry.id);
    this.#progress.get(folder)?.tell({ total, done, entry });
  }

  async #withProgress(
    folder: string,
    work: () => Promise<ReplayedSession>,
  ): Promise<ReplayedSession> {
    const title = `Relive: recovering ${folderName(folder)}`;
    const progress = new ReplayProgress(title, () => void this.#interrupt(folder));
    this.#progress.set(folder, progress);
    let failed: FailedEntry | null = null;
    try {
      const answer = await progress.during(work());
      failed = answer.replay?.failed ?? null;
      return answer;
    } finally {
      this.#progress.delete(folder);
      this.#evaluations.replayed(failed);
    }
  }

  async #interrupt(folder: string): Promise<void> {
    await this.#daemon
      .execute(requireTrust(), interruptCommand, inFolder(folder))
      .catch((failure: unknown) => this.#messages.failure(failure));
  }

  async #tell(folder: string, { done, failed, left, skipped }: Replay): Promise<void> {
    const rest = skipped.length === 0 ? "" : `, ${skipped.length} left out`;
    if (failed !== null) {
      await this.#ask(folder, failed, left.length - 1);
    } else if (left.length > 0) {
      this.#messages.notice(`recovery stopped after ${done}; Actions… goes on with it`);
    } else {
      this.#messages.notice(`recovered ${counted(done)}${rest}`);
    }
  }

  /** Not answering is an answer too: the rest stands in Actions. */
  async #ask(folder: string, failed: FailedEntry, waiting: number): Promise<void> {
    const { entry, error } = failed;
    const where = `${codeOf(entry)} (${placeOf(entry, relativePath)})`;
    const what = `Relive: recovery stopped at ${where}: ${headline(error)}.`;
    const offers = waiting > 0 ? [SKIP, EDIT, STOP] : [EDIT, STOP];
    let chosen = await window.showWarningMessage(asMessage(`${what} ${after(waiting)}`), ...offers);
    if (chosen === EDIT) {
      await this.#editEntry(entry);
      const then = "Relive: evaluate what you have edited; then go on.";
      chosen =
        waiting > 0
          ? await window.showInformationMessage(`${then} ${after(waiting)}`, GO_ON, STOP)
          : STOP;
    }
    await this.#answer(folder, chosen);
  }

  async #answer(folder: string, chosen: string | undefined): Promise<void> {
    const unfinished = this.#recoveries.unfinishedIn(folder);
    if (unfinished === undefined) {
      return;
    }
    if (chosen === SKIP || chosen === GO_ON) {
      await this.recover(folder, unfinished, unfinished.left.slice(1));
    } else if (chosen === STOP) {
      await this.dismiss(unfinished);
    }
  }

  /** The life is not to be offered again. */
  async dismiss({ folder, session, life }: Pick<Unfinished, "folder" | "session" | "life">) {
    this.#recoveries.settle({ session, life });
    const params = { session, life, ...inFolder(folder) };
    await this.#daemon.execute(requireTrust(), dismissRecoveryCommand, params);
  }
}

function after(waiting: number): string {
  return waiting === 0 ? "It was the last." : `${counted(waiting)} after it wait.`;
}

export function inFolder(folder: string): { uri?: string } {
  return folder === "" ? {} : { uri: folder };
}

export function folderName(folder: string): string {
  const found = folder === "" ? undefined : workspace.getWorkspaceFolder(Uri.parse(folder));
  return found?.name ?? workspace.name ?? "the session";
}

function asMessage(text: string): string {
  return withoutLinks(cut(text, MAX_MESSAGE));
}
