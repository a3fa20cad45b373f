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

export class Decisions {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** What was said of just this content; undefined: nothing yet. */
  of(folder: string, digest: string): boolean | undefined {
    const said = this.#memory.get(PREFIX + folder);
    return isDecision(said) && said.digest === digest ? said.run : undefined;
  }

  async remember(folder: string, digest: string, run: boolean): Promise<void> {
    await this.#memory.update(PREFIX + folder, { digest, run } satisfies Decision);
  }

  /** Has it asked about again. */
  async forget(folder: string): Promise<void> {
    await this.#memory.update(PREFIX + folder, undefined);
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
