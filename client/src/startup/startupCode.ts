// Start-up code of a folder: asked about once for each content, and its error shown when it fails.

import { createHash } from "node:crypto";
import { type Memento, Range, Uri, window, workspace } from "vscode";
import { cut, visible, withoutLinks } from "../annotations/plainText";
import { relativePath } from "../documents";
import type { EvaluatedParams, StartupAnswer, StartupParams } from "../protocol.gen";
import { Decisions } from "./decisions";

/** How the tokens of evaluations begin that are a process's start-up code. */
const OURS = "startup:";
const RUN = "Run It";
const NEVER = "Do Not Run";
const SHOW = "Show";
const MAX_LINES = 20;
const MAX_COLUMNS = 120;

export class StartupCode {
  readonly decisions: Decisions;
  /** Several processes may begin at once: one question at a time, and what is answered is not asked again. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(memory: Memento) {
    this.decisions = new Decisions(memory);
  }

  async allow(params: StartupParams): Promise<StartupAnswer> {
    if (params.problem !== undefined) {
      void tell(params.uri, 0, `it cannot be read: ${params.problem}`);
      return { run: false };
    }
    const answer = this.#last.then(() => this.#decide(params));
    this.#last = answer.catch(() => undefined);
    return { run: await answer };
  }

  /** Results of it are seen by nobody, so that it failed is said. */
  evaluated({ token, uri, evaluation: { error } }: EvaluatedParams): void {
    if (token.startsWith(OURS) && error !== null && uri !== null) {
      void tell(uri, error.range?.start.line ?? 0, `${error.type}: ${error.message}`);
    }
  }

  async #decide({ folder, digest, uri }: StartupParams): Promise<boolean> {
    const said = this.decisions.of(folder, digest) ?? (await ask(uri, digest));
    if (said !== undefined) {
      await this.decisions.remember(folder, digest, said);
    }
    return said ?? false;
  }
}

/** It waits for the answer, since what was asked for does; undefined: not this time. */
async function ask(uri: string, digest: string): Promise<boolean | undefined> {
  const content = await workspace.fs.readFile(Uri.parse(uri));
  if (createHash("sha256").update(content).digest("hex") !== digest) {
    return undefined; // written meanwhile: what would be shown is not what would run
  }
  const question = `Run the start-up code ${relativePath(uri)} in each new process of this folder?`;
  const options = { modal: true, detail: detailOf(new TextDecoder().decode(content)) };
  const chosen = await window.showWarningMessage(withoutLinks(question), options, RUN, NEVER);
  return chosen === undefined ? undefined : chosen === RUN;
}

/** What is asked about stands in the question itself, as far as there is room. */
function detailOf(text: string): string {
  const lines = text.trimEnd().split("\n");
  const more = lines.length > MAX_LINES ? [`… and ${lines.length - MAX_LINES} more lines`] : [];
  const code = lines.slice(0, MAX_LINES).map((line) => cut(visible(line), MAX_COLUMNS));
  return `${[...code, ...more].join("\n").replaceAll(" ", "\u00a0")}\n\nYou are asked again only when it has another content.`;
}

async function tell(uri: string, line: number, why: string): Promise<void> {
  const message = `Relive: the start-up code ${relativePath(uri)} failed, and the process goes on without the rest of it. ${why}`;
  if ((await window.showWarningMessage(withoutLinks(message), SHOW)) === SHOW) {
    await show(uri, line);
  }
}

async function show(uri: string, line: number): Promise<void> {
  const document = await workspace.openTextDocument(Uri.parse(uri));
  await window.showTextDocument(document, { selection: new Range(line, 0, line, 0) });
}
