// Processes that ended and came back by themselves from a checkpoint: what is told of it, and what is not in them. No vscode.

import type { CameBack, LostStep, SessionParams } from "../protocol.gen";
import { counted } from "./recoveries";

/** What can run again: the log has it. */
export interface Lost {
  /** The URI of the session's workspace folder; empty when none is open. */
  readonly folder: string;
  readonly entry: string;
  readonly label: string;
}

export class Comebacks {
  /** By the folders of the sessions: what the process that runs there lost. */
  readonly #lost = new Map<string, readonly Lost[]>();
  readonly #told = new Map<string, number>();

  /** Takes a session's state; says what is to be told, once for each process that comes back. */
  take({ folder = "", generation, cameBack }: SessionParams): CameBack | undefined {
    this.#lost.set(folder, cameBack?.lost.flatMap((step) => recoverable(folder, step)) ?? []);
    if (cameBack === undefined || this.#told.get(folder) === generation) {
      return;
    }
    this.#told.set(folder, generation);
    return cameBack;
  }

  get lost(): readonly Lost[] {
    return [...this.#lost.values()].flat();
  }

  /** The daemon is gone, and with it its sessions. */
  forget(): void {
    this.#lost.clear();
    this.#told.clear();
  }
}

function recoverable(folder: string, { entry, label }: LostStep): Lost[] {
  return entry === null ? [] : [{ folder, entry, label }];
}

/** In one sentence; the reason is one that is said of a process. */
export function comebackText({ reason, lost: [first, ...more] }: CameBack): string {
  const ended = `the Python process ${reason}`;
  if (first === undefined) {
    return `${ended}; another goes on with its state`;
  }
  const steps = counted(more.length + 1);
  return `${ended}; another goes on with the state before “${first.label}”, without ${steps} since`;
}
