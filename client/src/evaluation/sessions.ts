// Which worker each session has: results of a former one are no longer what the process would say.

import type { SessionParams } from "../protocol.gen";

/** Who is told that what came from these documents is from a process that is gone. */
export interface Expiring {
  expire(concerned: (uri: string) => boolean): void;
}

export class Sessions {
  readonly #results: readonly Expiring[];
  readonly #workers = new Map<string, string>();
  /** What was said of a session's interpreter, by its folder. */
  readonly #outdated = new Map<string, string>();

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

  /** What has become of the interpreter that a session's process began with, when it is first heard of. */
  becomesOutdated(params: SessionParams): string | undefined {
    const { folder = "", generation, otherPython } = params;
    const cause = whyOutdated(params);
    const said = cause === undefined ? "" : `${generation} ${cause} ${otherPython ?? ""}`;
    const isNews = said !== (this.#outdated.get(folder) ?? "");
    this.#outdated.set(folder, said);
    return isNews ? cause : undefined;
  }
}

function whyOutdated({ pid, otherPython, pythonChanged }: SessionParams): string | undefined {
  if (pid === null) {
    return undefined;
  }
  if (otherPython !== undefined) {
    return "changed";
  }
  return pythonChanged ? "replaced, as by an upgrade" : undefined;
}

/** Counts the workers that began with nothing: one that came of going back goes on with what there was. */
function beginnings({ generation, rewinds }: SessionParams): number {
  return generation - rewinds;
}

/** One that died has none, nor has one that was stopped. */
function hasWorker({ state, pid }: SessionParams): boolean {
  return state === "starting" || (state !== "dead" && pid !== null);
}

/** Whether anything runs, or waits for its turn, be it for a process that is still starting. */
export function hasWork({ state, queued }: SessionParams): boolean {
  return state === "busy" || queued > 0;
}

/** Documents outside of every folder, as untitled ones, have the session of any. */
function belongs(uri: string, folder: string): boolean {
  return folder === "" || !uri.startsWith("file:") || uri.startsWith(`${folder}/`);
}
