// Which worker each session has: results of a former one are no longer what the process would say.

import type { SessionParams } from "../protocol.gen";

/** Who is told that what came from these documents is from a process that is gone. */
export interface Expiring {
  expire(concerned: (uri: string) => boolean): void;
}

export class Sessions {
  readonly #results: readonly Expiring[];
  readonly #workers = new Map<string, string>();
  readonly #outdated = new Map<string, number>();

  constructor(...results: readonly Expiring[]) {
    this.#results = results;
  }

  changed(params: SessionParams): void {
    const folder = params.folder ?? "";
    const worker = hasWorker(params) ? String(beginnings(params)) : "none";
    const before = this.#workers.get(folder);
    this.#workers.set(folder, worker);
    if (before !== undefined && before !== worker) {
      for (const results of this.#results) {
        results.expire((uri) => belongs(uri, folder));
      }
    }
  }

  /** Whether this is the first word that the worker's interpreter is another on disk by now. */
  becomesOutdated({ folder = "", generation, pythonChanged }: SessionParams): boolean {
    const known = this.#outdated.get(folder) === generation;
    if (pythonChanged) {
      this.#outdated.set(folder, generation);
    }
    return pythonChanged && !known;
  }
}

/** Counts the workers that began with nothing: one that came of going back goes on with what there was. */
function beginnings({ generation, rewinds }: SessionParams): number {
  return generation - rewinds;
}

/** One that died has none, nor has one that was stopped. */
function hasWorker({ state, pid }: SessionParams): boolean {
  return state === "starting" || (state !== "dead" && pid !== null);
}

/** Documents outside of every folder, as untitled ones, have the session of any. */
function belongs(uri: string, folder: string): boolean {
  return folder === "" || !uri.startsWith("file:") || uri.startsWith(`${folder}/`);
}
