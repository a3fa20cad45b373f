// Relive's one hover: the results of the line, what is held there, and what the name stands for in the process.

import {
  type CancellationToken,
  Hover,
  type HoverProvider,
  type Position,
  type TextDocument,
  workspace,
} from "vscode";
import type { ResultHover } from "./annotations/hover";
import { isShownIn } from "./annotations/hoverText";
import type { Daemon } from "./daemon";
import type { HeldHover } from "./held/hover";

/** The daemon gives the process half a second to answer; what is known here does not wait for longer. */
const PATIENCE_MS = 700;

export class Hovers implements HoverProvider {
  readonly #results: ResultHover;
  readonly #held: HeldHover;
  readonly #daemon: Daemon;

  constructor(results: ResultHover, held: HeldHover, daemon: Daemon) {
    this.#results = results;
    this.#held = held;
    this.#daemon = daemon;
  }

  /** What is said of a line belongs to all of it: what it explains is drawn behind its end. */
  async provideHover(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<Hover | undefined> {
    const ofLine = [...this.#results.at(document, position), ...this.#held.at(document, position)];
    const ofName = await this.#ofName(document, position, token);
    if (ofLine.length === 0) {
      return ofName;
    }
    const said = ofLine.map(({ value }) => value);
    const added = (ofName?.contents ?? []).filter((each) => !isShownIn(said, textOf(each)));
    return new Hover([...ofLine, ...added], document.lineAt(position).range);
  }

  async #ofName(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<Hover | undefined> {
    if (workspace.getConfiguration("relive", document).get("names") === "off") {
      return undefined;
    }
    let late: NodeJS.Timeout | undefined;
    const patience = new Promise<undefined>((resolve) => {
      late = setTimeout(() => resolve(undefined), PATIENCE_MS);
    });
    const answer = this.#daemon.hover(document, position, token).catch(() => undefined);
    const known = await Promise.race([answer, patience]);
    clearTimeout(late);
    return known;
  }
}

function textOf(content: Hover["contents"][number]): string {
  return typeof content === "string" ? content : content.value;
}
