// Which interpreter the user's code runs in: the first provider that knows one.

import type { Disposable, LogOutputChannel, WorkspaceFolder } from "vscode";

/** One way to learn the user's interpreter. It starts no process, and fails by knowing nothing. */
export interface EnvironmentProvider {
  readonly name: string;
  /** The interpreter's absolute path. */
  find(folder: WorkspaceFolder | undefined): Promise<string | undefined>;
  /** Calls back when `find` may answer otherwise than before. */
  watch?(changed: () => void): Disposable;
}

/** The interpreters that sessions run in; null: the one that runs the daemon. As the daemon is told of them. */
export interface Chosen {
  /** Of what is in no folder. */
  readonly interpreter: string | null;
  /** By the URIs of the folders. */
  readonly interpreters: Readonly<Record<string, string | null>>;
}

/** Another extension may take as long as it likes to start; the user waits for a value. */
const PATIENCE_MS = 10_000;

export class Environments {
  readonly #providers: readonly EnvironmentProvider[];
  readonly #log: LogOutputChannel;
  readonly #watchers = new Set<() => void>();

  /** The providers are asked in this order. */
  constructor(providers: readonly EnvironmentProvider[], log: LogOutputChannel) {
    this.#providers = providers;
    this.#log = log;
  }

  async interpreter(folder: WorkspaceFolder | undefined): Promise<string | undefined> {
    for (const provider of this.#providers) {
      const path = await this.#ask(provider, folder);
      if (path !== undefined) {
        const of = folder === undefined ? "the session" : folder.name;
        this.#log.info(`Interpreter of ${of}: ${path} (${provider.name})`);
        return path;
      }
    }
    return undefined;
  }

  /** Asks for each folder: several of one workspace may have interpreters of their own. */
  async chosen(folders: readonly WorkspaceFolder[]): Promise<Chosen> {
    const interpreters: Record<string, string | null> = {};
    for (const folder of folders) {
      interpreters[folder.uri.toString()] = (await this.interpreter(folder)) ?? null;
    }
    const [first] = Object.values(interpreters);
    const interpreter = folders.length === 0 ? await this.interpreter(undefined) : first;
    return { interpreter: interpreter ?? null, interpreters };
  }

  watch(changed: () => void): Disposable[] {
    this.#watchers.add(changed);
    const own = { dispose: () => this.#watchers.delete(changed) };
    return [own, ...this.#providers.flatMap((provider) => provider.watch?.(changed) ?? [])];
  }

  async #ask(
    provider: EnvironmentProvider,
    folder: WorkspaceFolder | undefined,
  ): Promise<string | undefined> {
    const late = Symbol("late");
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<typeof late>((resolve) => {
      timer = setTimeout(() => resolve(late), PATIENCE_MS);
    });
    const found = provider.find(folder);
    const answer = await Promise.race([found, patience]);
    clearTimeout(timer);
    if (answer === late) {
      this.#log.warn(`${provider.name} did not say which interpreter to use; asking the next.`);
      void found.then(
        (path) => path !== undefined && this.#tell(),
        () => undefined,
      );
      return undefined;
    }
    return answer;
  }

  /** One that took long knows by now, and is asked again. */
  #tell(): void {
    for (const changed of this.#watchers) {
      changed();
    }
  }
}
