// What can be recovered by now, folder by folder: lives that were offered, replays that stopped before their end. No vscode.

import type { FailedEntry, RecoveryOfferedParams, Replay } from "../protocol.gen";

/** One process's life. */
export interface Life {
  readonly session: string;
  readonly life: number;
}

/** A life whose process ended against the user's wish. */
export interface Offer extends Life {
  /** The URI of its workspace folder; empty when none is open. */
  readonly folder: string;
  readonly evaluations: number;
  readonly reason: string;
}

/** A replay that stopped before its end: it can be gone on with. */
export interface Unfinished extends Life {
  readonly folder: string;
  /** The entries that were not replayed; the one that failed is the first. */
  readonly left: readonly string[];
  readonly failed: FailedEntry | null;
}

export class Recoveries {
  readonly #offers = new Map<string, Offer>();
  readonly #unfinished = new Map<string, Unfinished>();
  readonly #asked = new Set<string>();
  readonly #listeners = new Set<() => void>();

  /** `asked`: of which lives the user has been asked already, in this folder, at any time. */
  constructor(asked: readonly string[] = []) {
    this.#asked = new Set(asked);
  }

  onDidChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** The folders' lives that can be recovered, the latest that was offered at the end. */
  get offers(): readonly Offer[] {
    return [...this.#offers.values()];
  }

  /** The replays that stopped before their end, the latest at the end. */
  get unfinished(): readonly Unfinished[] {
    return [...this.#unfinished.values()];
  }

  /** Whether it is still offered: the question about it may be answered late. */
  stands(life: Life): boolean {
    return this.offers.some((offer) => keyOf(offer) === keyOf(life));
  }

  unfinishedIn(folder: string): Unfinished | undefined {
    return this.#unfinished.get(folder);
  }

  /** Takes note of a life; says whether the user is to be asked, which is done once. */
  offer({ folder = "", session, life, evaluations, reason }: RecoveryOfferedParams): boolean {
    const offer = { folder, session, life, evaluations, reason };
    replace(this.#offers, folder, offer);
    const news = !this.#asked.has(keyOf(offer));
    this.#asked.add(keyOf(offer));
    this.#changed();
    return news && evaluations > 0;
  }

  /** Takes note of how a replay went. */
  replayed(folder: string, life: Life, { left, failed }: Replay): void {
    this.settle(life);
    if (left.length > 0) {
      replace(this.#unfinished, folder, { folder, ...pick(life), left, failed });
    } else {
      this.#unfinished.delete(folder);
    }
    this.#changed();
  }

  /** The life is no longer offered: it was recovered, or is not to be. */
  settle(life: Life): void {
    for (const of of [this.#offers, this.#unfinished]) {
      for (const [folder, other] of of) {
        if (keyOf(other) === keyOf(life)) {
          of.delete(folder);
        }
      }
    }
    this.#changed();
  }

  /** The daemon is gone, and with it the processes replays went into; the next one offers anew. */
  forget(): void {
    this.#offers.clear();
    this.#unfinished.clear();
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** What a life is remembered by. */
export function keyOf({ session, life }: Life): string {
  return `${session}/${life}`;
}

function pick({ session, life }: Life): Life {
  return { session, life };
}

function replace<T>(items: Map<string, T>, key: string, item: T): void {
  items.delete(key);
  items.set(key, item);
}

/** How a process ended. The user knows a Python process, and no worker. */
export function howItEnded(reason: string): string {
  return reason.replace(/^the worker (was )?/, "");
}

export function counted(count: number, one = "evaluation"): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}
