// What is shown while entries run again: how many have, and which one does, unless it is over in a moment.

import { type Progress, ProgressLocation, window } from "vscode";
import { codeOf } from "../changelog/words";
import type { HistoryEntry } from "../protocol.gen";

/** The editor keeps a notice for a while once it is shown: of a shorter replay it would tell what is long past. */
const SHOWN_AFTER_MS = 500;

interface State {
  readonly total: number;
  readonly done: number;
  readonly entry: HistoryEntry;
}

export class ReplayProgress {
  readonly #title: string;
  readonly #interrupt: () => void;
  #state: State | undefined;
  #shown: { report: Progress<{ message: string; increment: number }>; done: number } | undefined;

  constructor(title: string, interrupt: () => void) {
    this.#title = title;
    this.#interrupt = interrupt;
  }

  /** Is there until the work has ended, and answers what it does. */
  async during<Answer>(work: Promise<Answer>): Promise<Answer> {
    const soon = setTimeout(() => this.#show(work), SHOWN_AFTER_MS);
    try {
      return await work;
    } finally {
      clearTimeout(soon);
    }
  }

  tell(state: State): void {
    this.#state = state;
    this.#report();
  }

  #show(work: Promise<unknown>): void {
    const location = ProgressLocation.Notification;
    void window.withProgress(
      { location, title: this.#title, cancellable: true },
      async (report, token) => {
        token.onCancellationRequested(this.#interrupt);
        this.#shown = { report, done: 0 };
        this.#report();
        await work.catch(() => undefined); // its failure is told by who asked for it
      },
    );
  }

  #report(): void {
    if (this.#shown === undefined || this.#state === undefined) {
      return;
    }
    const { total, done, entry } = this.#state;
    const increment = ((done - this.#shown.done) / total) * 100;
    this.#shown.done = done;
    this.#shown.report.report({ message: `${done + 1} of ${total}: ${codeOf(entry)}`, increment });
  }
}
