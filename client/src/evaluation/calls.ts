// Calls of a function at the cursor: what was called the last time, and the note at its line that says what came of it.

import type { Memento } from "vscode";
import type { Content, Run } from "../annotations/content";
import { headerLine } from "../annotations/definitionLine";
import { slice } from "../annotations/evaluated";
import { wholeLines } from "../annotations/lifecycle";
import type { AnnotationStore } from "../annotations/store";
import type { Evaluation, OutputChunk, Range } from "../protocol.gen";
import type { Host } from "./host";
import { LastLine } from "./lastLine";

/** A definition that is called. */
export interface Called {
  readonly uri: string;
  /** Qualified, as `Class.method`. */
  readonly name: string;
  readonly range: Range;
}

export class Calls {
  readonly #store: AnnotationStore;
  readonly #host: Host;
  readonly #memory: Memento;

  constructor(store: AnnotationStore, host: Host, memory: Memento) {
    this.#store = store;
    this.#host = host;
    this.#memory = memory;
  }

  /** The expression it was called with the last time, in this workspace. */
  last({ uri, name }: Called): string | undefined {
    return this.#memory.get(memoryKey(uri, name));
  }

  /** To be called before the request is sent; gives what takes the answer. */
  begin(called: Called, expression: string, generation: number): (answer: Evaluation) => void {
    void this.#memory.update(memoryKey(called.uri, called.name), expression);
    const key = this.#host.document(called.uri)?.key;
    const place = key === undefined ? undefined : this.#store.track(key, called.range);
    return (answer) => {
      place?.release();
      if (place !== undefined) {
        this.#note(called.uri, place.region, answer, generation);
      }
    };
  }

  #note(uri: string, { start, end }: Range, answer: Evaluation, generation: number): void {
    const document = this.#host.document(uri);
    const content = contentOf(answer);
    if (document === undefined || content === undefined) {
      return;
    }
    const { key, lines } = document;
    const last = Math.min(end.line, lines.count - 1);
    const header = headerLine(lines, Math.min(start.line, last), last);
    const texts = slice(lines, header, last);
    this.#store.put(key, {
      generation,
      nature: "note",
      edge: "first",
      content,
      region: wholeLines(header, last, lines),
      evaluated: { lines: texts, codeEnd: texts.at(-1)?.length ?? 0 },
    });
  }
}

/** What to begin with: a method is called on a new object. */
export function suggestedCall(name: string): string {
  const parts = name.split(".");
  const method = parts.pop() ?? name;
  return parts.length === 0 ? `${method}()` : `${parts.join(".")}().${method}()`;
}

function contentOf(answer: Evaluation): Content | undefined {
  const { status, error, results, durationMs } = answer;
  const alsoEvaluated = results
    .filter(({ origin }) => origin === "dependency")
    .map(({ range }) => range.start.line);
  const run: Run = {
    finishedAt: Date.now(),
    durationMs,
    lastOutput: lastLine(answer.output),
    alsoEvaluated,
    pictures: [],
  };
  if (status === "interrupted" || status === "died") {
    return { kind: "stopped", how: status, cause: error?.message ?? null, run };
  }
  if (error !== null) {
    return { kind: "error", error, run, retry: null };
  }
  const value = results.findLast(({ origin }) => origin === "requested")?.value;
  return value ? { kind: "value", value, run } : { kind: "done", run };
}

function lastLine(output: readonly OutputChunk[]): string | null {
  const last = new LastLine();
  for (const { text } of output) {
    last.add(text);
  }
  return last.take();
}

function memoryKey(uri: string, name: string): string {
  return `call:${uri}#${name}`;
}
