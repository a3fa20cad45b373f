// The user's tests as they are run in a copy of the live process: in VS Code's test view.

import {
  type CancellationToken,
  Disposable,
  Location,
  Range,
  type TestController,
  type TestItem,
  TestMessage,
  type TestRun,
  TestRunProfileKind,
  TestRunRequest,
  tests,
  Uri,
} from "vscode";
import type { Daemon } from "../daemon";
import { affectedTestsCommand, runTestsCommand, stopTestsCommand } from "../protocol";
import type { AffectedTest, TestRun as Answer, TestOutcome, TestsParams } from "../protocol.gen";
import { requireTrust } from "../trust";
import { idOf, stepsOf } from "./outcomes";

type Place = Pick<TestOutcome, "id" | "uri" | "range">;

export class LiveTests implements Disposable {
  readonly #daemon: Daemon;
  readonly #controller: TestController;
  readonly #fail: (failure: unknown) => Promise<void>;
  /** What the outcomes that come are of; without one a run is made for each. */
  #run: TestRun | undefined;

  constructor(daemon: Daemon, fail: (failure: unknown) => Promise<void>) {
    this.#daemon = daemon;
    this.#fail = fail;
    this.#controller = tests.createTestController("relive.tests", "Tests in the Live Process");
    this.#controller.createRunProfile(
      "Run in a Copy of the Live Process",
      TestRunProfileKind.Run,
      (request, token) => this.#runChosen(request, token),
      true,
    );
  }

  /** Runs the tests that are affected by what changed; `undefined`: there are none. */
  async runAffected(about: { uri?: string }): Promise<Answer | undefined> {
    const { items } = await this.#daemon.execute(requireTrust(), affectedTestsCommand, about);
    return items.length === 0 ? undefined : this.#carryOut(about, items);
  }

  /** Takes what became of tests, whoever had them run. */
  heard({ items }: TestsParams): void {
    const run = this.#run ?? this.#controller.createTestRun(new TestRunRequest(), undefined, false);
    for (const outcome of items) {
      report(run, this.#item(outcome), outcome);
    }
    if (run !== this.#run) {
      run.end();
    }
  }

  async stop(): Promise<boolean> {
    const { stopped } = await this.#daemon.execute(requireTrust(), stopTestsCommand, {});
    return stopped;
  }

  dispose(): void {
    this.#controller.dispose();
  }

  async #runChosen(request: TestRunRequest, token: CancellationToken): Promise<void> {
    const items = request.include ?? [...this.#controller.items].map(([, item]) => item);
    const chosen = items.filter((item) => !request.exclude?.includes(item));
    const [first] = chosen;
    if (first?.uri === undefined) {
      return;
    }
    const places = chosen.map(({ id }) => id);
    try {
      const about = { uri: first.uri.toString() };
      await this.#ask(about, places, chosen, request, token);
    } catch (failure) {
      await this.#fail(failure);
    }
  }

  #carryOut(about: { uri?: string }, affected: readonly AffectedTest[]): Promise<Answer> {
    const items = affected.map((test) => this.#item(test));
    const ids = affected.map(({ id }) => id);
    return this.#ask(about, ids, items, new TestRunRequest(items));
  }

  async #ask(
    about: { uri?: string },
    ids: string[],
    items: readonly TestItem[],
    request: TestRunRequest,
    token?: CancellationToken,
  ): Promise<Answer> {
    const run = this.#controller.createTestRun(request);
    const stop = () => void this.stop().catch(this.#fail);
    const stopping = Disposable.from(
      run.token.onCancellationRequested(stop),
      ...(token === undefined ? [] : [token.onCancellationRequested(stop)]),
    );
    this.#run = run;
    for (const item of items) {
      run.started(item);
    }
    try {
      const answer = await this.#daemon.execute(requireTrust(), runTestsCommand, {
        ...about,
        ids,
      });
      if (answer.problem !== undefined) {
        run.appendOutput(`${answer.problem.replaceAll("\n", "\r\n")}\r\n`);
      }
      return answer;
    } finally {
      stopping.dispose();
      this.#run = undefined;
      run.end();
    }
  }

  /** The entry of a test, below those of its file and class, made if there is none yet. */
  #item({ id, uri, range }: Place): TestItem {
    const steps = stepsOf(id);
    let entries = this.#controller.items;
    let item: TestItem | undefined;
    for (const [index, step] of steps.entries()) {
      const known = idOf(steps.slice(0, index + 1));
      item = entries.get(known);
      if (item === undefined) {
        item = this.#controller.createTestItem(known, step, Uri.parse(uri));
        entries.add(item);
      }
      entries = item.children;
    }
    // SAFETY: an id has at least the name of its file.
    const found = item as TestItem;
    if (steps.length > 1) {
      found.range = new Range(range.start.line, 0, range.end.line, 0);
    }
    return found;
  }
}

function report(run: TestRun, item: TestItem, outcome: TestOutcome): void {
  const { durationMs, message, output } = outcome;
  if (output !== undefined) {
    run.appendOutput(output.replaceAll(/\r?\n/g, "\r\n"), undefined, item);
  }
  switch (outcome.outcome) {
    case "passed":
      run.passed(item, durationMs);
      break;
    case "skipped":
      run.skipped(item);
      break;
    case "failed":
      run.failed(item, messageOf(outcome), durationMs);
      break;
    default:
      run.errored(item, new TestMessage(message ?? "It failed."), durationMs);
  }
}

function messageOf({ message, expected, actual, uri, range, at }: TestOutcome): TestMessage {
  const text = message ?? "It failed.";
  const told =
    expected === undefined || actual === undefined
      ? new TestMessage(text)
      : TestMessage.diff(text, expected, actual);
  const line = (at ?? range).start.line;
  told.location = new Location(Uri.parse(uri), new Range(line, 0, line, 0));
  return told;
}
