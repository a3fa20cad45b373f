// How soon a document may be drawn again: at once as a rule, less often while many results follow one another. No vscode.

/** What drawing one line costs, by far most of it in the editor itself, which nobody waits for. */
const MS_PER_LINE = 0.2;
/** That much may be spent without a wait: a key's own few passes are never late. */
const FREE_MS = 300;

export class Pace {
  #debtMs = 0;
  #atMs = 0;

  /** How long to wait before the next pass. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#debt(nowMs) - FREE_MS);
  }

  /** Notes that a pass has drawn so many lines. */
  drew(lines: number, nowMs: number): void {
    this.#debtMs = this.#debt(nowMs) + lines * MS_PER_LINE;
    this.#atMs = nowMs;
  }

  #debt(nowMs: number): number {
    return Math.max(0, this.#debtMs - (nowMs - this.#atMs));
  }
}
