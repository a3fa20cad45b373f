// The extension, as the panel sees it: it says what to show, and is asked for the contents.

import type { TableSort, ValueTable } from "../src/protocol.gen";
import type {
  Answer,
  Children,
  Content,
  Exhibit,
  FromPanel,
  Question,
  Showing,
  ToPanel,
} from "../src/results/messages";

interface Connection {
  postMessage(message: FromPanel): void;
}

declare function acquireVsCodeApi(): Connection;

/** Asks for what an exhibit holds. A question that cannot be answered rejects with the reason, in words. */
export interface Source {
  content(format: string): Promise<Content>;
  rows(place: RowsPlace): Promise<ValueTable>;
  children(path: readonly number[], start: number, count: number): Promise<Children>;
}

/** Which part of a table, in which order of its rows. */
export interface RowsPlace {
  readonly start: number;
  readonly count: number;
  readonly firstColumn: number;
  readonly sort: TableSort | null;
}

/** Why a question has no answer. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

export class Host {
  readonly #connection = acquireVsCodeApi();
  readonly #waiting = new Map<number, (answer: Answer | NoAnswer) => void>();
  #asked = 0;

  constructor(show: (showing: Showing) => void) {
    // A frame inside the panel could send messages too; the extension's come from the page around it.
    window.addEventListener("message", ({ data, origin }: MessageEvent<ToPanel>) => {
      if (origin !== window.origin) {
        return;
      }
      if (data.kind === "showing") {
        show(data);
      } else {
        this.#answered(data.ask, data.answer);
      }
    });
    this.#connection.postMessage({ kind: "ready" });
  }

  choose({ id }: Exhibit, format: string): void {
    this.#connection.postMessage({ kind: "choose", id, format });
  }

  source({ id }: Exhibit): Source {
    // SAFETY: the extension answers each question with the answer of its kind.
    const ask = <Kind extends Answer>(question: Question) =>
      this.#ask(id, question) as Promise<Kind>;
    return {
      content: (format) => ask<Content>({ about: "content", format }),
      rows: (place) => ask<ValueTable>({ about: "rows", ...place }),
      children: (path, start, count) => ask<Children>({ about: "children", path, start, count }),
    };
  }

  #ask(id: number, question: Question): Promise<Answer> {
    this.#asked += 1;
    const ask = this.#asked;
    this.#connection.postMessage({ kind: "ask", ask, id, question });
    return new Promise((resolve, reject) => {
      this.#waiting.set(ask, (answer) =>
        answer instanceof NoAnswer ? reject(answer) : resolve(answer),
      );
    });
  }

  #answered(ask: number, answer: Answer | { readonly failed: string }): void {
    this.#waiting.get(ask)?.("failed" in answer ? new NoAnswer(answer.failed) : answer);
    this.#waiting.delete(ask);
  }
}
