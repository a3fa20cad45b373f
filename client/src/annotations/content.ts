// What an annotation says. How it is drawn is `drawing.ts`'s, what its hover says `hoverText.ts`'s.

import type {
  Display,
  ErrorInfo,
  FrameInfo,
  Kept,
  Redefinition,
  Rewind,
  Value,
} from "../protocol.gen";
import type { Place, Region } from "./regions";

/** What is known about the evaluation a result came from. */
export interface Run {
  readonly finishedAt: number;
  readonly durationMs: number;
  /** The last line the statement printed, if it printed anything. */
  readonly lastOutput: string | null;
  /** Lines, 0-based, of the forms that were evaluated first because this one needed them. */
  readonly alsoEvaluated: readonly number[];
  /** Of the value, or shown by the code; those of a value come a moment after it. */
  readonly pictures: readonly Display[];
  /** Of code that is marked to be kept. */
  readonly kept?: Kept;
}

/** How a failed evaluation can be tried again: after the code at `missing`, the code at `target`. */
export interface Retry {
  readonly wholeFile: boolean;
  missing: Place;
  target: Region;
}

/** Code that has no result yet. */
export interface Pending {
  /** What it can be cancelled by; undefined until the daemon has told. */
  readonly evaluation: { readonly id: number; readonly uri: string } | undefined;
  readonly state: "queued" | "running";
  readonly elapsedMs: number;
  /** The last line it has printed so far, as of a progress bar. */
  readonly lastOutput: string | null;
}

export type Content =
  | ({ readonly kind: "pending" } & Pending)
  | { readonly kind: "value"; readonly value: Value; readonly run: Run }
  | { readonly kind: "done"; readonly run: Run }
  | {
      readonly kind: "error";
      readonly error: ErrorInfo;
      readonly run: Run;
      readonly retry: Retry | null;
    }
  | {
      readonly kind: "stopped";
      readonly how: "interrupted" | "died";
      /** How the process ended, if that is known. */
      readonly cause: string | null;
      readonly run: Run;
    }
  | { readonly kind: "receipt"; readonly redefinition: Redefinition; readonly finishedAt: number }
  | { readonly kind: "rewound"; readonly rewind: Rewind }
  | { readonly kind: "frame"; readonly error: ErrorInfo; readonly frame: FrameInfo };

/** Whether the results panel has something to show for it: `None` it has not. */
export function isForPanel(content: Content): boolean {
  const isValue = content.kind === "value" && content.value.type !== "NoneType";
  return isValue || ("run" in content && content.run.pictures.length > 0);
}

/** The longest text known of a result, as it is copied or opened: null when there is none. */
export function fullText(content: Content): { text: string; whole: boolean } | null {
  switch (content.kind) {
    case "value":
      return longest(content.value);
    case "error":
    case "frame":
      return { text: content.error.traceback || headline(content.error), whole: true };
    case "receipt": {
      const { error } = content.redefinition;
      return error && { text: error.traceback || headline(error), whole: true };
    }
    default:
      return null;
  }
}

export function headline(error: Pick<ErrorInfo, "type" | "message">): string {
  return error.message === "" ? error.type : `${error.type}: ${error.message}`;
}

/** How the daemon ends a text it cut: an ellipsis, the count of what is missing, closing brackets. */
const CUT = /…( [\d,]+ (more|in all))?[\])}]*$/;

/** The longest text known of a value. */
export function longest({ text, detail, truncated }: Value): { text: string; whole: boolean } {
  return detail === null ? { text, whole: !truncated } : { text: detail, whole: !CUT.test(detail) };
}
