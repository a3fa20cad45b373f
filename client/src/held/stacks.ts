// What is held, session by session: the frames as the daemon told of them; free of editor types.

import type { DefinitionState, HeldFrame } from "../protocol.gen";

export class HeldStacks {
  /** By the folders of the sessions, the innermost frame first. */
  readonly #frames = new Map<string, readonly HeldFrame[]>();

  /** Takes what one session holds by now; says whether that is other than before. */
  put(folder: string, frames: readonly HeldFrame[]): boolean {
    const wasEmpty = this.of(folder).length === 0;
    if (frames.length === 0) {
      this.#frames.delete(folder);
    } else {
      this.#frames.set(folder, frames);
    }
    return frames.length > 0 || !wasEmpty;
  }

  clear(): void {
    this.#frames.clear();
  }

  of(folder: string): readonly HeldFrame[] {
    return this.#frames.get(folder) ?? [];
  }

  /** Whether other errors are held by now: a thread's may be while something runs. */
  lacks(folder: string, holds: readonly number[]): boolean {
    const known = new Set(this.of(folder).map(({ hold }) => hold));
    return known.size !== holds.length || holds.some((hold) => !known.has(hold));
  }

  get folders(): string[] {
    return [...this.#frames.keys()];
  }

  get all(): HeldFrame[] {
    return [...this.#frames.values()].flat();
  }

  /** What is held, by its failing frame: in each session that which is to go on first comes first. */
  get each(): HeldFrame[] {
    return this.all.filter(({ frame }) => frame === 0);
  }

  /** The frames at a line, the innermost first: a recursion has many. */
  at(uri: string, line: number): HeldFrame[] {
    return this.all.filter((frame) => frame.uri === uri && frame.range.start.line === line);
  }

  folderOf(frame: HeldFrame): string | undefined {
    return this.folders.find((folder) => this.of(folder).includes(frame));
  }

  find(reference: FrameReference): HeldFrame | undefined {
    const { folder, hold, frame } = reference;
    return this.of(folder).find((each) => each.hold === hold && each.frame === frame);
  }

  /** The frame that a command is about which names none: at the cursor, or else the innermost. */
  meant(uri: string | undefined, line: number): HeldFrame | undefined {
    const here = uri === undefined ? [] : this.at(uri, line);
    return here[0] ?? this.all[0];
  }
}

/** The frames of the user's code: in the others nothing goes on. */
export function ownFrames(frames: readonly HeldFrame[]): HeldFrame[] {
  return frames.filter(({ foreign }) => foreign !== true);
}

/**
 * The frames that can be gone on in at a line: calls of the innermost function around it that is
 * held, several of a recursion; or top-level code, if no definition is around it.
 */
export function framesAround(
  frames: readonly HeldFrame[],
  line: number,
  definitions: readonly Pick<DefinitionState, "range">[],
): HeldFrame[] {
  const able = frames.filter(({ canRetry }) => canRetry);
  const begins = able.map((frame) => beginAround(frame, line));
  const innermost = Math.max(...begins);
  if (innermost >= 0) {
    return able.filter((_, index) => begins[index] === innermost);
  }
  const isInside = definitions.some(({ range }) => holds(range, line));
  return isInside ? [] : able.filter(({ name }) => name === "<module>");
}

/** Where a frame's function begins, if the line is in it, else -1: what is inside begins later. */
function beginAround({ function: around }: HeldFrame, line: number): number {
  return around !== undefined && holds(around, line) ? around.start.line : -1;
}

function holds({ start, end }: HeldFrame["range"], line: number): boolean {
  return start.line <= line && line <= end.line;
}

/** What a link or a row of a list names a frame by. */
export interface FrameReference {
  readonly folder: string;
  readonly hold: number;
  readonly frame: number;
}

export function isFrameReference(argument: unknown): argument is FrameReference {
  const { folder, hold, frame } = fieldsOf(argument);
  return typeof folder === "string" && Number.isSafeInteger(hold) && Number.isSafeInteger(frame);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** The definition to bring in before a frame goes on; undefined: it is none that has a name. */
export function definitionOf({ name }: HeldFrame): string | undefined {
  const [outermost = ""] = name.split(".<locals>");
  return outermost.includes("<") ? undefined : outermost;
}
