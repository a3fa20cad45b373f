// One evaluation from the request to its answer: what its messages put into the annotation store.

import type { Content, Pending, Retry, Run } from "../annotations/content";
import {
  type Evaluated,
  evaluatedAt,
  type Lines,
  linesOf,
  reads,
  slice,
} from "../annotations/evaluated";
import { wholeLines } from "../annotations/lifecycle";
import { isEmpty, type Region } from "../annotations/regions";
import type { AnnotationStore, Mark, Tracked } from "../annotations/store";
import { isThumbnail } from "../annotations/thumbnail";
import type {
  Display,
  DisplayParams,
  ErrorInfo,
  Evaluation,
  ProgressParams,
  Range,
  ShownResult,
  StatementResult,
} from "../protocol.gen";
import type { Failures } from "./failures";
import type { Host, OpenDocument } from "./host";
import { LastLine } from "./lastLine";
import { PendingMark } from "./pending";

/** Code under way: where it is by now, and what it said when it began. */
interface Code extends Tracked {
  readonly evaluated: Evaluated | undefined;
}

/** What is known of an evaluation from its beginning. */
export interface About {
  readonly token: string;
  readonly generation: number;
  readonly wholeFile: boolean;
  /** Whether its code does not light up: nobody has just pressed a key for it. */
  readonly quiet: boolean;
}

/** A result that stands, with what it is called by. */
export type Former = Pick<ShownResult, "result" | "error" | "range" | "id" | "at" | "died">;

const NOT_YET = { id: 0, uri: null, state: "queued", elapsedMs: 0 } as const;

const SYNTAX_ERRORS = new Set(["SyntaxError", "IndentationError", "TabError"]);

export class RunningEvaluation {
  readonly #store: AnnotationStore;
  readonly #host: Host;
  readonly #failures: Failures;
  /** Under which the store and the host know the document. */
  readonly #key: string;
  readonly #generation: number;
  readonly #wholeFile: boolean;
  readonly #quiet: boolean;
  readonly #token: string;
  /** The document's text as it was sent. */
  readonly #sent: Lines;
  readonly #printed = new LastLine();
  readonly #alsoEvaluated: number[] = [];
  /** Pictures of the value that came last: its annotation has the same array. */
  #latest: { readonly ref: string | undefined; readonly pictures: Display[] } | undefined;
  /** Shown by code that has not come to its end. */
  #shown: Display[] = [];
  readonly #pending: PendingMark;
  readonly #begunAt = Date.now();
  #target: Code | undefined;
  #statement: Code | undefined;
  /** What the daemon said last of how it goes. */
  #progress: ProgressParams | undefined;
  #results = 0;
  #now = () => Date.now();

  constructor(
    store: AnnotationStore,
    host: Host,
    failures: Failures,
    document: OpenDocument,
    { token, generation, wholeFile, quiet }: About,
  ) {
    this.#store = store;
    this.#host = host;
    this.#failures = failures;
    this.#key = document.key;
    this.#generation = generation;
    this.#wholeFile = wholeFile;
    this.#quiet = quiet;
    this.#token = token;
    this.#sent = linesOf(slice(document.lines, 0, document.lines.count - 1));
    this.#pending = new PendingMark(store, document.key, generation, {
      region: () => (this.#statement ?? this.#target)?.region,
      content: () => this.#pendingNow(),
    });
  }

  progress(progress: ProgressParams): void {
    const { target, statement } = progress;
    this.#progress = progress;
    if (target !== null && this.#target === undefined) {
      this.#target = this.#track(target);
      if (!this.#quiet) {
        this.#host.flash(this.#key, this.#target.region);
      }
    }
    if (statement !== null) {
      this.#follow(statement);
    }
    this.#pending.move();
  }

  #pendingNow(): Pending {
    const { id, uri, state, elapsedMs } = this.#progress ?? NOT_YET;
    const evaluation = uri === null ? undefined : { id, uri };
    return { evaluation, state, elapsedMs, lastOutput: this.#printed.now };
  }

  /** An empty range is that of deleted code: what is known from before says more. */
  #follow(statement: Range): void {
    const known = this.#statement !== undefined && isEmpty(this.#statement.region);
    if (isEmpty(statement) && known) {
      return;
    }
    this.#statement?.release();
    this.#statement = isEmpty(statement) ? undefined : this.#track(statement);
  }

  output(text: string): void {
    this.#printed.add(text);
    this.#pending.renew();
  }

  result(result: StatementResult): void {
    this.#results += 1;
    if (result.origin === "dependency") {
      // What was printed so far is told at the code that asked for it: it may be its own already.
      this.#alsoEvaluated.push(result.range.start.line);
      return;
    }
    this.#pending.rest();
    const { value, durationMs, range } = result;
    const { kept } = result;
    const run = { ...this.#run(durationMs, this.#printed.take()), ...(kept && { kept }) };
    this.#latest = { ref: value?.ref, pictures: run.pictures };
    const content: Content = value === null ? { kind: "done", run } : { kind: "value", value, run };
    this.#put(range, content, this.#statement ?? this.#target, result.id);
  }

  /** Code shows pictures before its result is there, a value's own pictures come after it. */
  display({ ref, displays }: DisplayParams): void {
    const pictures =
      ref !== null && ref === this.#latest?.ref ? this.#latest.pictures : this.#shown;
    pictures.push(...displays.filter(isThumbnail));
  }

  /** Takes the answer; `undefined` when the request itself failed. */
  finish(answer: Evaluation | undefined): void {
    this.#pending.end();
    if (answer !== undefined) {
      for (const result of answer.results.slice(this.#results)) {
        this.result(result);
      }
      this.#conclude(answer);
    }
    this.#target?.release();
    this.#statement?.release();
  }

  /** The process went away, and the daemon with it: nobody knows how long it ran. */
  lose(): void {
    this.#stop("died", Date.now() - this.#begunAt, null);
  }

  /** It has failed, which is said elsewhere than in an answer to it. */
  fail(error: ErrorInfo): void {
    this.#pending.end();
    this.#fail(error, this.#run(0, this.#printed.take()));
  }

  /** Shows what came of a statement when nobody followed it: the document says what it said then. */
  showAgain({ result, error, range, id, at, died }: Former): void {
    this.#pending.end();
    this.#now = () => at * 1000;
    if (result !== null) {
      this.result(result);
    } else if (error !== null) {
      this.#statement = this.#track(range);
      if (died === true) {
        this.#stop("died", 0, causeOf(error), id);
      } else {
        this.#fail(error, this.#run(0, null), id);
      }
      this.#statement.release();
    }
  }

  #conclude(answer: Evaluation): void {
    const { status, error, durationMs } = answer;
    const unfinished = nameOfUnfinished(answer);
    if (status === "interrupted" || status === "died") {
      this.#stop(status, durationMs, status === "died" ? causeOf(error) : null, unfinished);
    } else if (error !== null) {
      this.#fail(error, this.#run(durationMs, this.#printed.take()), unfinished);
    }
  }

  #stop(
    how: "interrupted" | "died",
    durationMs: number,
    cause: string | null,
    name?: string,
  ): void {
    const run = this.#run(durationMs, this.#printed.take());
    this.#putAtStatement({ kind: "stopped", how, cause, run }, null, name);
  }

  #fail(error: ErrorInfo, run: Run, name?: string): void {
    const content = { kind: "error", error, run, retry: this.#retry(error) } as const;
    if (error.range !== null && SYNTAX_ERRORS.has(error.type)) {
      this.#put(error.range, content);
    } else {
      this.#putAtStatement(content, error.range, name);
    }
    this.#failures.show(this.#generation, error, this.#token);
  }

  /** An error in code the target needed is also told at the target, where the user looks. */
  #putAtStatement(content: Content, otherwise: Range | null, name: string | undefined): void {
    const target = this.#target?.region;
    const place = this.#statement?.region ?? otherwise ?? target;
    if (place === undefined) {
      return;
    }
    this.#put(place, content, this.#statement ?? this.#target, name);
    if (target !== undefined && !within(place, target)) {
      this.#put(target, content, this.#target, name);
    }
  }

  #retry({ missing }: ErrorInfo): Retry | null {
    const target = this.#target?.region;
    if (missing === null || target === undefined) {
      return null;
    }
    return { missing: { line: missing.line, character: 0 }, target, wholeFile: this.#wholeFile };
  }

  #run(durationMs: number, lastOutput: string | null): Run & { readonly pictures: Display[] } {
    const pictures = this.#shown;
    this.#shown = [];
    return {
      finishedAt: this.#now(),
      durationMs,
      lastOutput,
      alsoEvaluated: this.#alsoEvaluated,
      pictures,
    };
  }

  /** A document that was closed meanwhile cannot say what its text is now; its result is let go. */
  #put(
    range: Range | Region,
    content: Content,
    code = this.#statement ?? this.#target,
    result?: string,
  ): void {
    const lines = this.#host.document(this.#key)?.lines;
    if (lines === undefined) {
      return;
    }
    const place =
      code !== undefined && isEmpty(code.region) ? afterDeletion(code, lines) : undefined;
    const last = Math.min(range.end.line, lines.count - 1);
    const first = Math.min(range.start.line, last);
    this.#store.put(this.#key, {
      generation: this.#generation,
      nature: "result",
      edge: "last",
      content,
      region: wholeLines(first, last, lines),
      evaluated: evaluatedAt(lines, first, { ...range.end, line: last }, this.#sent),
      ...(result === undefined ? {} : { result }),
      yields: isAgain(this.#token) && (content.kind === "value" || content.kind === "done"),
      ...place,
    });
  }

  #track(range: Range): Code {
    const lines = this.#host.document(this.#key)?.lines;
    const tracked = this.#store.track(this.#key, range);
    return {
      get region() {
        return tracked.region;
      },
      evaluated: lines && evaluatedAt(lines, range.start.line, range.end, this.#sent),
      release: () => tracked.release(),
    };
  }
}

/** Whether it runs because its result was stale: nobody asked for just that code. */
export function isAgain(token: string | null | undefined): boolean {
  return token?.startsWith("again:") === true;
}

/** The user knows a Python process, and no worker; whether another goes on with its state is what matters most then. */
function causeOf(error: ErrorInfo | null): string | null {
  return error === null
    ? null
    : [error.message.replace(/^the worker /, ""), ...error.notes].join("; ") || null;
}

/** Where the result of code belongs whose text was deleted while it ran: with its text, should that come back. */
function afterDeletion({ region, evaluated }: Code, lines: Lines): Partial<Mark> {
  const { line } = region.start;
  return evaluated !== undefined && reads(lines, line, evaluated)
    ? { region: wholeLines(line, line + evaluated.lines.length - 1, lines), evaluated }
    : { region, evaluated, hidden: true };
}

function within(place: Range | Region, target: Region): boolean {
  return place.start.line >= target.start.line && place.end.line <= target.end.line;
}

/** What the daemon calls the statement that did not come to its end, when what it came from changes. */
function nameOfUnfinished({ id, results }: Evaluation): string {
  return `${String(id)}:${String(results.length + 1)}`;
}
