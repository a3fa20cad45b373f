// What the user said of the start-up code of folders: once for each content, also that it is not to run. No vscode.

/** Where it is kept: of this user, for this workspace. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

interface Decision {
  readonly digest: string;
  readonly run: boolean;
}

const PREFIX = "relive.startup:";
/** Of a folder: as many contents as branches that somebody goes to and fro between. */
const KEPT = 20;

export class Decisions {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** What was said of just this content; undefined: nothing yet. */
  of(folder: string, digest: string): boolean | undefined {
    return this.#said(folder).find((each) => each.digest === digest)?.run;
  }

  /** Also when it was known: those that were met last are kept. */
  async remember(folder: string, digest: string, run: boolean): Promise<void> {
    const others = this.#said(folder).filter((each) => each.digest !== digest);
    const said: Decision[] = [{ digest, run }, ...others].slice(0, KEPT);
    await this.#memory.update(PREFIX + folder, said);
  }

  /** Has it asked about again, whatever it holds. */
  async forget(folder: string): Promise<void> {
    await this.#memory.update(PREFIX + folder, undefined);
  }

  /** An earlier version kept one alone. */
  #said(folder: string): Decision[] {
    return [this.#memory.get(PREFIX + folder)].flat().filter(isDecision);
  }
}

function isDecision(value: unknown): value is Decision {
  return (
    typeof value === "object" &&
    value !== null &&
    "digest" in value &&
    typeof value.digest === "string" &&
    "run" in value &&
    typeof value.run === "boolean"
  );
}
