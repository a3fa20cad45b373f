// The errors that still stand: each line they went through is marked, in every file that is open.

import { displayLine, wholeLines } from "../annotations/lifecycle";
import type { AnnotationStore } from "../annotations/store";
import type { ErrorInfo, FrameInfo } from "../protocol.gen";
import type { Host, OpenDocument } from "./host";

/** The oldest are let go beyond this: nobody has that many errors before their eyes. */
const MAX_STANDING = 50;

interface Standing {
  readonly generation: number;
  readonly error: ErrorInfo;
}

export class Failures {
  readonly #store: AnnotationStore;
  readonly #host: Host;
  /** By the token of the evaluation that failed. */
  readonly #standing = new Map<string, Standing>();

  constructor(store: AnnotationStore, host: Host) {
    this.#store = store;
    this.#host = host;
  }

  /** Marks the lines of an error until it is said to be resolved; `token` is what the daemon calls it by. */
  show(generation: number, error: ErrorInfo, token = String(generation)): void {
    this.#standing.set(token, { generation, error });
    const [oldest] = this.#standing.keys();
    if (this.#standing.size > MAX_STANDING && oldest !== undefined) {
      this.#resolve(oldest);
    }
    for (const frame of innermostFirst(error)) {
      const document = frame.uri === null ? undefined : this.#host.document(frame.uri);
      if (document !== undefined) {
        this.#mark(document, generation, error, frame);
      }
    }
  }

  /** Marks the lines of a document that was not open before. */
  opened(uri: string): void {
    const document = this.#host.document(uri);
    if (document === undefined) {
      return;
    }
    for (const { generation, error } of this.#standing.values()) {
      const here = innermostFirst(error).filter((frame) => this.#isIn(document, frame));
      for (const frame of here) {
        this.#mark(document, generation, error, frame);
      }
    }
  }

  #isIn({ key }: OpenDocument, { uri }: FrameInfo): boolean {
    return uri !== null && this.#host.document(uri)?.key === key;
  }

  /** Something was done about the errors of these evaluations, or of all. */
  resolve(tokens: readonly string[] = [...this.#standing.keys()]): void {
    for (const token of tokens) {
      this.#resolve(token);
    }
  }

  /** What the daemon calls the evaluations by whose errors these are. */
  tokensOf(generations: readonly number[]): string[] {
    return [...this.#standing]
      .filter(([, { generation }]) => generations.includes(generation))
      .map(([token]) => token);
  }

  #resolve(token: string): void {
    const standing = this.#standing.get(token);
    this.#standing.delete(token);
    if (standing !== undefined) {
      this.#store.removeFrames(standing.generation);
    }
  }

  #mark(
    { key, lines }: OpenDocument,
    generation: number,
    error: ErrorInfo,
    frame: FrameInfo,
  ): void {
    const { line } = frame;
    if (line >= lines.count || !saysWhatRan(lines.at(line), frame)) {
      return;
    }
    const saidThere = this.#store
      .at(key, line)
      .some((other) => other.generation === generation && displayLine(other) === line);
    if (saidThere) {
      return;
    }
    const region = wholeLines(line, line, lines);
    this.#store.put(key, {
      generation,
      nature: "note",
      edge: "last",
      content: { kind: "frame", error, frame },
      region,
      evaluated: { lines: [lines.at(line)], codeEnd: region.end.character },
    });
  }
}

/** The innermost frame of a line is the one that its mark is about. */
function innermostFirst({ frames }: ErrorInfo): FrameInfo[] {
  return [...frames].reverse();
}

/** Code may have been edited since it was loaded: then nobody knows which line it was. */
function saysWhatRan(line: string, { text }: FrameInfo): boolean {
  return text === "" || line.trim().startsWith(text.trim());
}
