// What the daemon's messages put at the lines, from the request to the answer.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { draw } from "../../src/annotations/drawing";
import { hoverText } from "../../src/annotations/hoverText";
import type { Region } from "../../src/annotations/regions";
import { AnnotationStore } from "../../src/annotations/store";
import { Evaluations, type Ticket } from "../../src/evaluation/evaluations";
import { Failures } from "../../src/evaluation/failures";
import type { OpenDocument } from "../../src/evaluation/host";
import type { ErrorInfo, Evaluation, Range, StatementResult, Value } from "../../src/protocol.gen";
import { KEY } from "./annotated";
import { errorInfo } from "./errorInfo";
import { logged } from "./logged";
import { TextModel } from "./textModel";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const OTHER = "file:///other.py";

class Scene {
  readonly store = new AnnotationStore();
  readonly models: Record<string, TextModel>;
  readonly flashed: number[] = [];
  readonly #host = {
    document: (uri: string) => this.#document(uri),
    isVisible: () => true,
    flash: (_key: string, region: Region) => this.flashed.push(region.start.line),
  };
  readonly failures = new Failures(this.store, this.#host);
  readonly evaluations = new Evaluations(this.store, this.#host, this.failures);

  constructor(text: string, other = "") {
    this.models = { [KEY]: new TextModel(text), [OTHER]: new TextModel(other) };
  }

  #document(uri: string): OpenDocument | undefined {
    const model = this.models[uri];
    return model && { key: uri, lines: model.lines };
  }

  edit(found: string, text: string): void {
    const model = this.model(KEY);
    const { edit } = model.apply(model.replacing(found, text));
    this.store.edit(KEY, [edit], model.lines);
  }

  model(key: string): TextModel {
    return this.models[key] ?? new TextModel("");
  }

  begin(target: Range, wholeFile = false): Ticket {
    const ticket = this.evaluations.begin(KEY, wholeFile);
    this.progress(ticket, { target });
    return ticket;
  }

  progress(
    { token }: Ticket,
    {
      target = null,
      statement = null,
      elapsedMs = 0,
    }: { target?: Range | null; statement?: Range | null; elapsedMs?: number },
  ): void {
    const state = statement === null ? "queued" : "running";
    this.evaluations.progress({ id: 1, uri: KEY, token, state, target, statement, elapsedMs });
  }

  /** Sends a picture: of the value of this name, or with none what code shows. */
  picture({ token }: Ticket, data: string, ref: string | null = null): void {
    const displays = [{ mime: "image/png", data, encoding: "base64" } as const];
    this.evaluations.display({ id: 1, uri: KEY, range: null, ref, displays, token });
  }

  /** The pictures of each result, oldest first. */
  get pictures(): string[][] {
    return this.store
      .all(KEY)
      .map(({ content }) => ("run" in content ? content.run.pictures.map(({ data }) => data) : []));
  }

  result({ token }: Ticket, result: StatementResult): void {
    this.evaluations.result({ id: 1, uri: KEY, token, result });
  }

  print({ token }: Ticket, text: string): void {
    this.evaluations.output({ id: 1, token, stream: "stdout", text });
  }

  seen(key = KEY): string[] {
    const options = { inline: "on", maxLength: 100, typing: undefined } as const;
    const { lineEnds, frames } = draw(this.store.all(key), this.model(key).lines, options);
    return [
      ...lineEnds.map(({ line, text }) => `${line}:${text.replaceAll("\u00a0", " ")}`),
      ...frames.map(({ line }) => `${line}: frame`),
    ];
  }

  hover(): string {
    const links = { command: (id: string) => id, frame: () => "file:///x" };
    return this.store
      .all(KEY)
      .map((annotation) => hoverText(annotation, links))
      .join("\n");
  }
}

const line = (first: number, last = first, character = 5): Range => ({
  start: { line: first, character: 0 },
  end: { line: last, character },
});

function result(
  first: number,
  text: string | null,
  more: Partial<StatementResult> = {},
): StatementResult {
  const value: Value = {
    text: text ?? "",
    type: "int",
    truncated: false,
    mimes: [],
    ref: `v${first}`,
    detail: null,
  };
  return {
    id: `1:${first}`,
    range: line(first),
    value: text === null ? null : value,
    durationMs: 12,
    origin: "requested",
    ...more,
  };
}

function answer(more: Partial<Evaluation> = {}): Evaluation {
  return {
    id: 1,
    status: "ok",
    module: "m",
    results: [],
    output: [],
    outputTruncated: false,
    outputDropped: 0,
    error: null,
    durationMs: 1,
    ...more,
  };
}

const failed = (number: number, error: ErrorInfo) => ({ entry: logged(number), error });

const failure = (more: Partial<ErrorInfo> = {}) =>
  errorInfo({ traceback: "Traceback\nValueError: no", ...more });

describe("while it runs", () => {
  test("the code that runs is lit up once", () => {
    const scene = new Scene("a = 1\nb = 2\n");
    const ticket = scene.begin(line(0, 1));
    scene.progress(ticket, { target: line(0, 1), statement: line(0) });
    expect(scene.flashed).toEqual([0]);
  });

  test("what is quick shows no sign of running", () => {
    const scene = new Scene("a = 1\n");
    const ticket = scene.begin(line(0));
    vi.advanceTimersByTime(149);
    expect(scene.seen()).toEqual([]);
    scene.result(ticket, result(0, "1"));
    ticket.finish(answer());
    vi.advanceTimersByTime(1000);
    expect(scene.seen()).toEqual(["0:  ⇒ 1"]);
  });

  test("a result is not drawn over while the answer is awaited", () => {
    const scene = new Scene("a = 1\nb = 2\n");
    const ticket = scene.begin(line(0, 1));
    scene.progress(ticket, { statement: line(0) });
    scene.result(ticket, result(0, "1"));
    scene.print(ticket, "from a thread\n");
    vi.advanceTimersByTime(1000);
    expect(scene.seen()).toEqual(["0:  ⇒ 1"]);
    scene.progress(ticket, { statement: line(1) });
    vi.advanceTimersByTime(200);
    expect(scene.seen()).toEqual(["0:  ⇒ 1", "1:  ⟳ from a thread"]);
    scene.result(ticket, result(1, "2"));
    vi.advanceTimersByTime(1000);
    expect(scene.seen()).toEqual(["0:  ⇒ 1", "1:  ⇒ 2"]);
  });

  test("what is not shows it at the statement that runs, over its former result", () => {
    const scene = new Scene("a = 1\nb = 2\n");
    const before = scene.begin(line(1));
    scene.result(before, result(1, "old"));
    before.finish(answer());
    const ticket = scene.begin(line(0, 1));
    scene.progress(ticket, { statement: line(0) });
    vi.advanceTimersByTime(150);
    expect(scene.seen()).toEqual(["1:  ⇒ old", "0:  ⟳"]);
    scene.result(ticket, result(0, "1"));
    scene.progress(ticket, { statement: line(1) });
    expect(scene.seen()).toEqual(["1:  ⟳", "0:  ⇒ 1"]);
    ticket.finish(undefined);
    expect(scene.seen()).toEqual(["1:  ⇒ old", "0:  ⇒ 1"]);
  });

  test("what waits says so, and what runs for how long and what it printed last", () => {
    const scene = new Scene("loop\n");
    const ticket = scene.begin(line(0));
    vi.advanceTimersByTime(150);
    expect(scene.seen()).toEqual(["0:  ⟳ waiting"]);
    expect(scene.hover()).toContain("[Cancel](relive.interrupt)");
    scene.progress(ticket, { statement: line(0), elapsedMs: 12_345 });
    scene.print(ticket, "log\n\r\u001b[31m 1%|#  |\u001b[0m\r 2%|## |");
    vi.advanceTimersByTime(200);
    expect(scene.seen()).toEqual(["0:  ⟳ 12 s · 2%|## |"]);
    expect(scene.hover()).toMatch(/Running · 12\.3 s.*\[Interrupt\]\(relive\.interrupt\)/s);
    scene.print(ticket, "\r 3%|###|\r");
    vi.advanceTimersByTime(200);
    expect(scene.seen()).toEqual(["0:  ⟳ 12 s · 3%|###|"]);
    ticket.finish(answer({ results: [{ ...result(0, ""), value: null }] }));
    expect(scene.seen()).toEqual(["0:  ▸ 3%|###|"]);
  });

  test("ten thousand states of a bar in a second are drawn a few times, in one mark", () => {
    const scene = new Scene("loop\n");
    const ticket = scene.begin(line(0));
    scene.progress(ticket, { statement: line(0) });
    vi.advanceTimersByTime(150);
    const mark = scene.store.all(KEY)[0]?.id;
    let changes = 0;
    scene.store.onDidChange(() => (changes += 1));
    for (let n = 0; n < 10_000; n += 1) {
      scene.print(ticket, `\r${n}`);
      vi.advanceTimersByTime(n % 10 === 0 ? 1 : 0);
    }
    expect(changes).toBeLessThanOrEqual(6);
    expect(scene.store.all(KEY)[0]?.id).toBe(mark);
  });

  test("its own text edited meanwhile: the result is stale at once", () => {
    const scene = new Scene("a = 1\nb = 2\n");
    const ticket = scene.begin(line(0));
    scene.edit("a = 1", "a = 3");
    scene.result(ticket, result(0, "1"));
    expect(scene.seen()).toEqual(["0:  ⇒ 1 (stale)"]);
  });

  test("other text edited meanwhile: it is current, and follows", () => {
    const scene = new Scene("a = 1\nb = 2\n");
    const ticket = scene.begin(line(1));
    scene.edit("a = 1", "# new\na = 3");
    scene.result(ticket, result(2, "2"));
    expect(scene.seen()).toEqual(["2:  ⇒ 2"]);
  });
});

describe("its text deleted meanwhile", () => {
  const TEXT = "loop:\n  x\nb = 2\n";

  function deleting(): { scene: Scene; ticket: Ticket } {
    const scene = new Scene(TEXT);
    scene.begin(line(2)).finish(answer({ results: [result(2, "2")] }));
    const ticket = scene.begin(line(0, 1, 3));
    scene.progress(ticket, { statement: line(0, 1, 3) });
    scene.edit("loop:\n  x\n", "");
    scene.progress(ticket, { statement: line(0, 0, 0) });
    return { scene, ticket };
  }

  test("the result is not shown, nor in the place of another's", () => {
    const { scene, ticket } = deleting();
    ticket.finish(answer({ status: "interrupted" }));
    expect(scene.seen()).toEqual(["0:  ⇒ 2"]);
  });

  test("undoing brings the text back, and the result with it", () => {
    const { scene, ticket } = deleting();
    ticket.finish(answer({ status: "interrupted" }));
    scene.edit("", "loop:\n  x\n");
    expect(scene.seen()).toEqual(["2:  ⇒ 2", "1:  ■ interrupted"]);
  });

  test("deleted before it began: neither at what ran first, nor at what follows", () => {
    const scene = new Scene("import x\nx\nb\n");
    const ticket = scene.begin(line(1, 1, 1));
    scene.edit("x\nb", "b");
    scene.progress(ticket, { statement: line(0) });
    scene.progress(ticket, { statement: line(1, 1, 0) });
    ticket.finish(answer({ status: "interrupted" }));
    expect(scene.seen()).toEqual([]);
  });

  test("undone before the end: it is shown as if nothing had been", () => {
    const { scene, ticket } = deleting();
    scene.edit("", "loop:\n  x\n");
    scene.result(ticket, result(0, "1", { range: line(0, 0, 0) }));
    expect(scene.seen()).toEqual(["2:  ⇒ 2", "1:  ⇒ 1"]);
  });
});

describe("results", () => {
  test("what has no value shows its time, or the last line it printed", () => {
    const scene = new Scene("for x:\nimport\n");
    const ticket = scene.begin(line(0, 1));
    scene.print(ticket, "first\n 10%\r 50%\r");
    scene.print(ticket, "100%\n");
    scene.result(ticket, result(0, null));
    scene.result(ticket, result(1, null));
    expect(scene.seen()).toEqual(["0:  ▸ 100%", "1:  ✓ 12 ms"]);
  });

  test("what was evaluated because it was needed is listed, not shown", () => {
    const scene = new Scene("import os\nos.sep\n");
    const ticket = scene.begin(line(1));
    scene.result(ticket, result(0, null, { origin: "dependency" }));
    scene.result(ticket, result(1, "'/'"));
    expect(scene.seen()).toEqual(["1:  ⇒ '/'"]);
    expect(scene.hover()).toContain("Evaluated first, because this needs it: line 1");
  });

  test("those that came only with the answer are shown, too", () => {
    const scene = new Scene("a = 1\nb = 2\n");
    const ticket = scene.begin(line(0, 1));
    scene.result(ticket, result(0, "1"));
    ticket.finish(answer({ results: [result(0, "1"), result(1, "2")] }));
    expect(scene.seen()).toEqual(["0:  ⇒ 1", "1:  ⇒ 2"]);
  });

  test("messages of unknown evaluations do nothing", () => {
    const scene = new Scene("a = 1\n");
    const ticket = scene.begin(line(0));
    ticket.finish(answer());
    scene.result(ticket, result(0, "late"));
    expect(scene.seen()).toEqual([]);
  });
});

test("pictures of a value come after it, those that code shows before its result", () => {
  const scene = new Scene("a\nb\n");
  const ticket = scene.begin(line(0, 1), true);
  scene.result(ticket, result(0, "1"));
  scene.picture(ticket, "value", "v0");
  scene.picture(ticket, "shown");
  scene.result(ticket, result(1, "2"));
  expect(scene.pictures).toEqual([["value"], ["shown"]]);
});

describe("failures", () => {
  test("an error stands at the end of the statement that failed", () => {
    const scene = new Scene("a = 1\nf(\n  1,\n)\nb\n");
    const ticket = scene.begin(line(0, 4));
    scene.progress(ticket, { statement: line(1, 3) });
    ticket.finish(answer({ status: "error", error: failure({ range: line(2) }) }));
    expect(scene.seen()).toEqual(["3:  ✗ ValueError: no"]);
    expect(scene.hover()).toContain("ValueError: no");
  });

  test("a syntax error stands at its own place", () => {
    const scene = new Scene("f(\n  1 +\n)\n");
    const ticket = scene.begin(line(0, 2));
    ticket.finish(
      answer({ status: "error", error: failure({ type: "SyntaxError", range: line(1) }) }),
    );
    expect(scene.seen()).toEqual(["1:  ✗ SyntaxError: no"]);
  });

  test("one in code that was needed is told at the target, too", () => {
    const scene = new Scene("import nope\nx\nf()\n");
    const ticket = scene.begin(line(2));
    scene.progress(ticket, { statement: line(0) });
    ticket.finish(answer({ status: "error", error: failure() }));
    expect(scene.seen()).toEqual(["0:  ✗ ValueError: no", "2:  ✗ ValueError: no"]);
  });

  const frames = [
    { uri: KEY, line: 0, name: "<module>", text: "f()", own: true },
    { uri: OTHER, line: 1, name: "f", text: "boom", own: true },
    { uri: OTHER, line: 3, name: "g", text: "boom", own: true },
    { uri: OTHER, line: 3, name: "g", text: "boom", own: true },
    { uri: OTHER, line: 4, name: "old", text: "was otherwise", own: true },
    { uri: OTHER, line: 90, name: "gone", text: "", own: true },
    { uri: "file:///closed.py", line: 7, name: "f", text: "boom", own: true },
    { uri: null, line: 0, name: "made", text: "", own: false },
  ];
  const OTHER_TEXT = "def f():\n    boom\ndef g():\n    boom\n    x\n";

  test("every line in an open document is marked once, if it still says what ran", () => {
    const scene = new Scene("f()\n", OTHER_TEXT);
    const ticket = scene.begin(line(0));
    ticket.finish(answer({ status: "error", error: failure({ frames }) }));
    expect(scene.seen()).toEqual(["0:  ✗ ValueError: no"]);
    expect(scene.seen(OTHER)).toEqual(["3: frame", "1: frame"]);
  });

  test("its marks stay until something was done about it, whatever else is evaluated", () => {
    const scene = new Scene("f()\n1\n", OTHER_TEXT);
    const ticket = scene.begin(line(0));
    ticket.finish(answer({ status: "error", error: failure({ frames }) }));
    scene.begin(line(1)).finish(answer());
    expect(scene.seen(OTHER)).toHaveLength(2);
    scene.failures.resolve(["no such"]);
    expect(scene.seen(OTHER)).toHaveLength(2);
    scene.failures.resolve([ticket.token]);
    expect(scene.seen(OTHER)).toEqual([]);
  });

  test("a file that is opened later is marked then", () => {
    const scene = new Scene("f()\n", OTHER_TEXT);
    const text = scene.model(OTHER);
    delete scene.models[OTHER];
    const ticket = scene.begin(line(0));
    ticket.finish(answer({ status: "error", error: failure({ frames }) }));
    expect(scene.seen(OTHER)).toEqual([]);
    scene.models[OTHER] = text;
    scene.failures.opened(OTHER);
    expect(scene.seen(OTHER)).toEqual(["3: frame", "1: frame"]);
    scene.failures.resolve();
    scene.failures.opened(OTHER);
    expect(scene.seen(OTHER)).toEqual([]);
  });

  test("a missing name can be retried, where the text is by then", () => {
    const scene = new Scene("rate = 2\nrate * 3\n");
    const ticket = scene.begin(line(1, 1, 8));
    const missing = { name: "rate", line: 0 };
    ticket.finish(answer({ status: "error", error: failure({ type: "NameError", missing }) }));
    expect(scene.hover()).toContain("[Evaluate line 1 and retry](relive.evalMissingAndRetry)");
    scene.edit("", "# new\n");
    expect(scene.hover()).toContain("[Evaluate line 2 and retry]");
  });

  test("a process that died is said to have, and how", () => {
    const scene = new Scene("loop\n");
    const error = failure({ type: "WorkerDied", message: "the worker exited with status 3" });
    scene.begin(line(0)).finish(answer({ status: "died", error }));
    expect(scene.seen()).toEqual(["0:  ✗ the Python process ended: exited with status 3"]);
  });

  test("of one that came back the line says so, too", () => {
    const scene = new Scene("loop\n");
    const notes = ["the state is as it was"];
    const error = failure({
      type: "WorkerDied",
      message: "the worker exited with status 3",
      notes,
    });
    scene.begin(line(0)).finish(answer({ status: "died", error }));
    expect(scene.seen()).toEqual([
      "0:  ✗ the Python process ended: exited with status 3; the state is as it was",
    ]);
    expect(scene.hover()).toContain("exited with status 3");
  });

  test("a daemon that goes away is said at the statement, over its former result", () => {
    const scene = new Scene("loop\n");
    scene.begin(line(0)).finish(answer({ results: [result(0, "old")] }));
    const ticket = scene.begin(line(0));
    ticket.lose();
    ticket.finish(undefined);
    expect(scene.seen()).toEqual(["0:  ✗ the Python process ended"]);
  });

  test.each([
    ["interrupted", "0:  ■ interrupted"],
    ["died", "0:  ✗ the Python process ended"],
  ] as const)("%s is said at the statement", (status, expected) => {
    const scene = new Scene("loop\n");
    scene.begin(line(0)).finish(answer({ status }));
    expect(scene.seen()).toEqual([expected]);
  });
});

describe("a replay", () => {
  /** Has the daemon run an entry again, which this client did not ask for by itself. */
  function replay(scene: Scene, number: number, place: Range, uri = KEY): Ticket {
    const { id } = logged(number);
    const ticket = { token: id, finish: () => undefined, lose: () => undefined };
    scene.evaluations.replays(id);
    const progress = { id: number, uri, state: "running", statement: place, elapsedMs: 0 } as const;
    scene.evaluations.progress({ ...progress, token: id, target: place });
    return ticket;
  }

  test("shows results where the code stands, and lights nothing up", () => {
    const scene = new Scene("a = 1\nb = 2\n");
    scene.result(replay(scene, 1, line(0)), result(0, "1"));
    scene.result(replay(scene, 2, line(1)), result(1, "2"));
    scene.evaluations.replayed(null);
    expect(scene.seen()).toEqual(["0:  ⇒ 1", "1:  ⇒ 2"]);
    expect(scene.flashed).toEqual([]);
  });

  test("says that an entry runs until the next begins, or all has ended", () => {
    const scene = new Scene("a = 1\nb = 2\n");
    replay(scene, 1, line(0));
    vi.advanceTimersByTime(200);
    expect(scene.seen()).toEqual(["0:  ⟳"]);
    replay(scene, 2, line(1));
    expect(scene.seen()).toEqual([]);
    vi.advanceTimersByTime(200);
    scene.evaluations.replayed(null);
    expect(scene.seen()).toEqual([]);
  });

  test("that stops at an error shows it there", () => {
    const scene = new Scene("a = 1\nb = 2\n");
    replay(scene, 2, line(1));
    const frames = [{ uri: KEY, name: "f", line: 0, text: "a = 1", own: true }];
    scene.evaluations.replayed(failed(2, failure({ frames })));
    expect(scene.seen()).toEqual(["1:  ✗ ValueError: no", "0: frame"]);
    scene.failures.resolve([logged(2).id]);
    expect(scene.seen()).toEqual(["1:  ✗ ValueError: no"]);
  });

  test("of code in no open document shows nothing, and neither does what nobody asked for", () => {
    const scene = new Scene("a = 1\n");
    replay(scene, 1, line(0), "file:///closed.py");
    scene.progress({ ...replay(scene, 2, line(0)), token: "7" }, { target: line(0) });
    scene.evaluations.replayed(null);
    expect(scene.seen()).toEqual([]);
  });
});

describe("what the daemon runs again by itself", () => {
  test("shows its result in place of the one that was no longer true, and what it ended in", () => {
    const scene = new Scene("total = net(1)\n");
    scene.result(scene.begin(line(0)), result(0, "1"));
    const [shown] = scene.store.all(KEY);
    scene.store.doubt(KEY, new Map([[shown?.result ?? "", "`net` [was](x) redefined"]]));
    expect(scene.seen()).toEqual(["0:  ⇒ 1 (stale)"]);
    expect(scene.hover()).toContain("stale: ` net [was](x) redefined `");
    expect(scene.hover()).toContain("[Re-run Stale Results](relive.rerunStale)");

    const again = { token: "again:1", finish: () => undefined, lose: () => undefined };
    scene.progress(again, { target: line(0) });
    scene.result(again, result(0, "2", { id: "2:1" }));
    scene.evaluations.evaluated({ uri: KEY, token: "again:1", evaluation: answer({ id: 2 }) });
    expect(scene.seen()).toEqual(["0:  ⇒ 2"]);
    expect(scene.hover()).not.toContain("relive.rerunStale");

    const failing = { ...again, token: "again:2" };
    scene.progress(failing, { target: line(0) });
    const evaluation = answer({ id: 3, status: "error", error: failure({}) });
    scene.evaluations.evaluated({ uri: KEY, token: "again:2", evaluation });
    expect(scene.seen()).toEqual(["0:  ✗ ValueError: no"]);
  });

  test("what runs again leaves its line to what stands behind it there, unless it fails", () => {
    const scene = new Scene("a + 1; b + 1\n");
    const ends = [5, 12].map((end) => line(0, 0, end)) as [Range, Range];
    const ticket = scene.begin(line(0, 0, 12));
    scene.result(ticket, result(0, "2", { id: "1:1", range: ends[0] }));
    scene.result(ticket, result(0, "3", { id: "1:2", range: ends[1] }));
    ticket.finish(answer({ id: 1 }));
    expect(scene.seen()).toEqual(["0:  ⇒ 3"]);

    const runAgain = (token: string, range: Range, text: string) => {
      const again = { token, finish: () => undefined, lose: () => undefined };
      scene.progress(again, { target: range });
      scene.result(again, result(0, text, { id: token, range }));
      scene.evaluations.evaluated({ uri: KEY, token, evaluation: answer({ id: 2 }) });
    };
    runAgain("again:1", ends[0], "12");
    expect(scene.seen()).toEqual(["0:  ⇒ 3"]);
    runAgain("again:2", ends[1], "13");
    expect(scene.seen()).toEqual(["0:  ⇒ 13"]);

    const failing = { token: "again:3", finish: () => undefined, lose: () => undefined };
    scene.progress(failing, { target: ends[0], statement: ends[0] });
    const evaluation = answer({ id: 3, status: "error", error: failure({}) });
    scene.evaluations.evaluated({ uri: KEY, token: "again:3", evaluation });
    expect(scene.seen()).toEqual(["0:  ✗ ValueError: no"]);
    const asked = scene.begin(ends[0]);
    scene.result(asked, result(0, "4", { id: "4:1", range: ends[0] }));
    asked.finish(answer({ id: 4 }));
    expect(scene.seen()).toEqual(["0:  ⇒ 4"]);
  });
});

describe("a window that was loaded anew", () => {
  const at = new Date(2026, 0, 1, 7, 30).getTime() / 1000;
  const former = { uri: KEY, evaluation: 7, stale: null, version: 1, at };

  test("shows values where they are by now, and they turn stale by their names", () => {
    const scene = new Scene("# above\nx = 6 * 7\n");
    const given = result(1, "42", { id: "7:1" });
    const token = "other:1:7";
    scene.evaluations.showAgain({
      ...former,
      id: "7:1",
      token,
      range: line(1),
      result: given,
      error: null,
    });
    expect(scene.seen()).toEqual(["1:  ⇒ 42"]);
    scene.store.doubt(KEY, new Map([["7:1", "`x` was assigned again"]]));
    expect(scene.hover()).toMatch(/7:30:00.* · stale: .*x was assigned again/);
  });

  test("shows what failed at its statement, until that is resolved", () => {
    const scene = new Scene("# above\n1 / 0\n");
    const error = errorInfo({ type: "ZeroDivisionError", message: "division by zero" });
    const token = "other:1:7";
    const where = { id: "7:1", token, range: line(1) };
    vi.useFakeTimers();
    scene.evaluations.showAgain({ ...former, ...where, result: null, error });
    vi.runAllTimers(); // nothing is drawn as if it ran
    vi.useRealTimers();
    expect(scene.seen()).toEqual(["1:  ✗ ZeroDivisionError: division by zero"]);
    scene.failures.resolve([token]);
    expect(scene.failures.tokensOf([1])).toEqual([]);
  });

  test("says where the process ended, as it did then", () => {
    const scene = new Scene("# above\ncrash()\n");
    const notes = ["the state is as it was"];
    const error = errorInfo({ type: "Died", message: "the worker was killed by SIGSEGV", notes });
    const where = { id: "7:1", token: "other:1:7", range: line(1) };
    scene.evaluations.showAgain({ ...former, ...where, result: null, error, died: true });
    expect(scene.seen()).toEqual([
      "1:  ✗ the Python process ended: was killed by SIGSEGV; the state is as it was",
    ]);
    expect(scene.failures.tokensOf([1])).toEqual([]); // no call of it is marked
  });
});

test("what another connection asks for shows its results at their lines, and how it failed", () => {
  const scene = new Scene("x = 6 * 7\n1 / 0\n");
  const ticket = { token: "other:2:9" };
  const about = { id: 9, uri: KEY, ...ticket, elapsedMs: 0, target: line(0, 1) };
  scene.evaluations.progress({ ...about, state: "running", statement: line(0) });
  scene.evaluations.result({ id: 9, uri: KEY, ...ticket, result: result(0, "42") });
  scene.evaluations.progress({ ...about, state: "running", statement: line(1) });
  const error = errorInfo({ type: "ZeroDivisionError", message: "division by zero" });
  scene.evaluations.evaluated({
    ...ticket,
    uri: KEY,
    evaluation: answer({ id: 9, status: "error", error, results: [result(0, "42")] }),
  });
  expect(scene.seen()).toEqual(["0:  ⇒ 42", "1:  ✗ ZeroDivisionError: division by zero"]);
});
