// The evaluations that have not been answered, and which message belongs to which of them.

import type { AnnotationStore } from "../annotations/store";
import type {
  DisplayParams,
  EvaluatedParams,
  Evaluation,
  FailedEntry,
  OutputParams,
  ProgressParams,
  ResultParams,
  ShownResult,
} from "../protocol.gen";
import type { Failures } from "./failures";
import type { Host, OpenDocument } from "./host";
import { type About, RunningEvaluation } from "./running";

/** What a request carries so that its messages are known again. */
export interface Ticket {
  readonly token: string;
  /** Takes the answer; `undefined` when the request failed. */
  finish(answer: Evaluation | undefined): void;
  /** The process it ran in went away, and no answer will come. */
  lose(): void;
}

export class Evaluations {
  readonly #store: AnnotationStore;
  readonly #host: Host;
  readonly #failures: Failures;
  readonly #running = new Map<string, RunningEvaluation>();
  #count = 0;

  constructor(store: AnnotationStore, host: Host, failures: Failures) {
    this.#store = store;
    this.#host = host;
    this.#failures = failures;
  }

  /** To be called before the request is sent: the document's text is what will be evaluated. */
  begin(uri: string, wholeFile: boolean): Ticket {
    const generation = this.nextGeneration();
    const token = String(generation);
    const document = this.#host.document(uri);
    if (document !== undefined) {
      const about = { token, generation, wholeFile, quiet: false };
      this.#running.set(token, this.#run(document, about));
    }
    return {
      token,
      finish: (answer) => {
        this.#running.get(token)?.finish(answer);
        this.#running.delete(token);
      },
      lose: () => this.#running.get(token)?.lose(),
    };
  }

  /** Evaluations and redefinitions are counted together: the newest wins. */
  nextGeneration(): number {
    this.#count += 1;
    return this.#count;
  }

  progress(params: ProgressParams): void {
    (this.#find(params) ?? this.#adopt(params))?.progress(params);
  }

  /** A replay has come to this entry: those before it have ended. */
  replays(entry: string): void {
    this.#endReplayed((token) => token !== entry);
  }

  /** A replay has ended, with the entry that failed if one did. */
  replayed(failed: FailedEntry | null): void {
    if (failed !== null) {
      this.#running.get(failed.entry.id)?.fail(failed.error);
    }
    this.#endReplayed(() => true);
  }

  /** One that the daemon began by itself has ended. */
  evaluated({ token, evaluation }: EvaluatedParams): void {
    this.#running.get(token)?.finish(evaluation);
    this.#running.delete(token);
  }

  /** Shows what came of a statement when this window was not there. */
  showAgain({ token, uri, ...former }: ShownResult): void {
    const document = this.#host.document(uri);
    if (document !== undefined) {
      const about = { token, generation: this.nextGeneration(), wholeFile: false, quiet: true };
      this.#run(document, about).showAgain(former);
    }
  }

  #endReplayed(ended: (token: string) => boolean): void {
    for (const [token, running] of this.#running) {
      if (isEntry(token) && ended(token)) {
        running.finish(undefined);
        this.#running.delete(token);
      }
    }
  }

  /** What runs again, in a replay or to be true, shows its results where they were, and nothing else of itself. */
  #adopt({ token, uri }: ProgressParams): RunningEvaluation | undefined {
    const document = token && uri !== null && isEntry(token) && this.#host.document(uri);
    if (!token || !document) {
      return undefined;
    }
    const about = { token, generation: this.nextGeneration(), wholeFile: false, quiet: true };
    const running = this.#run(document, about);
    this.#running.set(token, running);
    return running;
  }

  #run(document: OpenDocument, about: About): RunningEvaluation {
    return new RunningEvaluation(this.#store, this.#host, this.#failures, document, about);
  }

  output(params: OutputParams): void {
    this.#find(params)?.output(params.text);
  }

  result(params: ResultParams): void {
    this.#find(params)?.result(params.result);
  }

  display(params: DisplayParams): void {
    this.#find(params)?.display(params);
  }

  #find({ token }: { token?: string | null }): RunningEvaluation | undefined {
    return token ? this.#running.get(token) : undefined;
  }
}

/** Those the daemon begins are known by the entries of the log that run again, or the like; ours by numbers. */
function isEntry(token: string): boolean {
  return token.includes(":");
}
