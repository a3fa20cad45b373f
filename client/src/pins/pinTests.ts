// Pins and doctests in the editor's view of tests: file by file, tried by hand or as they were tried by themselves.

import {
  type CancellationToken,
  Disposable,
  Location,
  Range,
  type TestController,
  type TestItem,
  type TestItemCollection,
  TestMessage,
  TestMessageStackFrame,
  type TestRun,
  TestRunProfileKind,
  TestRunRequest,
  tests,
  Uri,
} from "vscode";
import { relativePath } from "../documents";
import type { FilePins, FrameInfo, Pin, PinExample } from "../protocol.gen";
import type { PinBoard } from "./pinBoard";
import { failure, rowLabel } from "./words";

/** Tries the pins of a file, those of these ids or all. */
export type Try = (uri: string, ids?: string[]) => Promise<void>;

const CONTROLLER = "relive.pins";
const MAX_LENGTH = 200;

export class PinTests implements Disposable {
  readonly #controller: TestController;
  readonly #board: PinBoard;
  readonly #try: Try;
  readonly #subscriptions: Disposable;
  /** The run by hand that is under way: what is told meanwhile is told to it. */
  #run: TestRun | undefined;
  /** What each pin was last shown to have come to. */
  readonly #shown = new Map<string, string>();

  constructor(board: PinBoard, tryPins: Try) {
    this.#board = board;
    this.#try = tryPins;
    this.#controller = tests.createTestController(CONTROLLER, "Relive Pins");
    const profile = this.#controller.createRunProfile(
      "Try in the Live Process",
      TestRunProfileKind.Run,
      (request, token) => this.#runByHand(request, token),
      true,
    );
    this.#subscriptions = Disposable.from(
      this.#controller,
      profile,
      board.onDidChange((file) => this.#take(file)),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #runByHand(request: TestRunRequest, token: CancellationToken): Promise<void> {
    const wanted = request.include ?? itemsOf(this.#controller.items);
    const excluded = new Set(request.exclude?.map(({ id }) => id));
    const run = this.#controller.createTestRun(request, "Relive Pins");
    this.#run = run;
    try {
      for (const item of wanted.filter(({ id }) => !excluded.has(id))) {
        if (!token.isCancellationRequested) {
          await this.#runItem(run, item, excluded);
        }
      }
    } finally {
      this.#run = undefined;
      run.end();
    }
  }

  async #runItem(run: TestRun, item: TestItem, excluded: ReadonlySet<string>): Promise<void> {
    const file = item.parent ?? item;
    const leaves = item.parent === undefined ? itemsOf(item.children) : [item];
    const tried = leaves.filter(({ id }) => !excluded.has(id));
    for (const leaf of tried) {
      run.started(leaf);
    }
    await this.#try(
      file.id,
      tried.map(({ id }) => id),
    );
    const told = this.#board.writtenIn(file.id);
    for (const leaf of tried) {
      const pin = told?.items.find(({ id }) => id === leaf.id);
      if (pin !== undefined) {
        show(run, leaf, pin);
      }
    }
  }

  #take(file: FilePins): void {
    this.#renew(file);
    const parent = this.#controller.items.get(file.uri);
    const news = file.items.filter((pin) => this.#shown.get(pin.id) !== outcomeOf(pin));
    for (const pin of news) {
      this.#shown.set(pin.id, outcomeOf(pin));
    }
    const known = news.filter(({ status }) => status !== "unknown");
    if (parent !== undefined && this.#run === undefined && known.length > 0) {
      this.#tellOf(parent, known);
    }
    const doubtful = news.filter(({ status }) => status === "unknown");
    const items = doubtful.flatMap(({ id }) => parent?.children.get(id) ?? []);
    if (items.length > 0) {
      this.#controller.invalidateTestResults(items);
    }
  }

  /** Of those tried by themselves: quiet, as a continuous run is. */
  #tellOf(parent: TestItem, pins: readonly Pin[]): void {
    const items = pins.flatMap((pin) => parent.children.get(pin.id) ?? []);
    const request = new TestRunRequest(items, undefined, undefined, true, true);
    const run = this.#controller.createTestRun(request, "Relive Pins", false);
    for (const pin of pins) {
      const item = parent.children.get(pin.id);
      if (item !== undefined) {
        show(run, item, pin);
      }
    }
    run.end();
  }

  #renew(file: FilePins): void {
    const { items } = this.#controller;
    if (file.items.length === 0 && file.problem === undefined) {
      items.delete(file.uri);
      return;
    }
    const uri = Uri.parse(file.uri);
    const parent =
      items.get(file.uri) ?? this.#controller.createTestItem(file.uri, relativePath(file.uri), uri);
    items.add(parent);
    parent.error = file.problem;
    parent.children.replace(file.items.map((pin, place) => this.#item(parent, pin, place)));
  }

  /** One that is there already is kept, with what it came to. */
  #item(parent: TestItem, pin: Pin, place: number): TestItem {
    const uri = Uri.parse(pin.uri);
    const item =
      parent.children.get(pin.id) ?? this.#controller.createTestItem(pin.id, rowLabel(pin), uri);
    const first = pin.examples[0]?.range.start;
    const last = pin.examples.at(-1)?.range.start;
    if (first !== undefined && last !== undefined) {
      item.range = new Range(first.line, 0, last.line, 0);
    }
    item.sortText = `${pin.kind === "pin" ? 0 : 1}${String(place).padStart(6, "0")}`;
    item.description = pin.reason ?? "";
    return item;
  }
}

/** What makes it news; that it stands elsewhere does not. */
function outcomeOf({ status, examples, durationMs }: Pin): string {
  const gave = examples.map(({ source, expected, got }) => [source, expected, got]);
  return JSON.stringify([status, durationMs, gave]);
}

function itemsOf(collection: TestItemCollection): TestItem[] {
  return Array.from(collection, ([, item]) => item);
}

function show(run: TestRun, item: TestItem, pin: Pin): void {
  if (pin.status === "passed") {
    run.passed(item, pin.durationMs);
  } else if (pin.status === "failed") {
    run.failed(item, messages(pin), pin.durationMs);
  } else {
    run.skipped(item);
  }
}

function messages(pin: Pin): TestMessage[] {
  return pin.examples
    .filter(({ status }) => status === "failed")
    .map((example) => {
      const message = TestMessage.diff(
        failure(pin, MAX_LENGTH),
        example.expected.trimEnd(),
        (example.got ?? "").trimEnd(),
      );
      const { line } = example.range.start;
      message.location = new Location(Uri.parse(pin.uri), new Range(line, 0, line, 0));
      const stack = framesOf(example);
      if (stack.length > 0) {
        message.stackTrace = stack;
      }
      return message;
    });
}

/** Innermost first, as the editor shows them. */
function framesOf({ error }: PinExample): TestMessageStackFrame[] {
  return (error?.frames ?? [])
    .filter(({ own }) => own)
    .map(frame)
    .reverse();
}

function frame({ name, uri, line }: FrameInfo): TestMessageStackFrame {
  const file = Uri.parse(uri ?? "");
  return file.scheme === "file"
    ? new TestMessageStackFrame(name, file, new Range(line, 0, line, 0).start)
    : new TestMessageStackFrame(name);
}
