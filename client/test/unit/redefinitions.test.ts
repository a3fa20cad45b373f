// What is shown of a redefinition over whole files: notes at each definition, and one line for the rest.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { definitionLine, endLine } from "../../src/annotations/definitionLine";
import { draw } from "../../src/annotations/drawing";
import { linesOf } from "../../src/annotations/evaluated";
import { news } from "../../src/annotations/news";
import { AnnotationStore } from "../../src/annotations/store";
import { Redefinitions } from "../../src/evaluation/redefinitions";
import type { DefinitionChange, ErrorInfo, Range, Redefinition } from "../../src/protocol.gen";
import { KEY } from "./annotated";
import { errorInfo } from "./errorInfo";
import { TextModel } from "./textModel";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const TEXT = `class C:
    def m(self):
        x = [
        ]

        return x

    def n(self):
        pass

def f():
    pass
`;
const HIDDEN = "file:///hidden.py";

class Scene {
  readonly store = new AnnotationStore();
  readonly models: Record<string, TextModel> = {
    [KEY]: new TextModel(TEXT),
    [HIDDEN]: new TextModel(TEXT),
  };
  readonly redefinitions = new Redefinitions(this.store, {
    document: (uri) => {
      const model = this.models[uri];
      return model && { key: uri, lines: model.lines };
    },
    isVisible: (key) => key === KEY,
    flash: () => undefined,
  });

  tell(redefinition: Partial<Redefinition>, uris = [KEY]): boolean {
    const whole: Redefinition = { status: "ok", definitions: [], error: null, ...redefinition };
    return this.redefinitions.tell(uris, whole, 1);
  }

  seen(key = KEY): string[] {
    const lines = this.models[key]?.lines ?? linesOf([]);
    const options = { inline: "on", maxLength: 100, typing: undefined } as const;
    const { lineEnds } = draw(this.store.all(key), lines, options);
    return lineEnds.map(({ line, text }) => `${line}: ${text.replaceAll("\u00a0", " ").trim()}`);
  }

  edit(found: string, text: string): void {
    const model = this.models[KEY] as TextModel;
    const { edit } = model.apply(model.replacing(found, text));
    this.store.edit(KEY, [edit], model.lines);
  }
}

const at = (line: number): Range => ({
  start: { line, character: 0 },
  end: { line, character: 3 },
});

const change = (name: string, more: Partial<DefinitionChange> = {}): DefinitionChange => ({
  name,
  kind: "function",
  outcome: "redefined",
  functionsUpdated: 1,
  instancesUpdated: 0,
  referencesUpdated: 0,
  uri: KEY,
  ...more,
});

const failure = (more: Partial<ErrorInfo> = {}) =>
  errorInfo({ type: "SyntaxError", message: "invalid syntax", ...more });

describe("notes", () => {
  test("stand at each definition that changed, and good ones go by themselves", () => {
    const scene = new Scene();
    const definitions = [
      change("C.m", { range: at(1), instancesUpdated: 2 }),
      change("C.n", { outcome: "unchanged", range: at(7) }),
      change("f", { outcome: "refused", reason: "it is compiled code", range: at(10) }),
    ];
    expect(scene.tell({ status: "partial", definitions })).toBe(true);
    const refused = "10: ✗ not redefined · it is compiled code";
    expect(scene.seen()).toEqual(["1: ✓ redefined · 2 instances", refused]);
    vi.runAllTimers();
    expect(scene.seen()).toEqual([refused]);
  });

  test("a definition is found by its name where the text has moved on", () => {
    const scene = new Scene();
    scene.tell({ definitions: [change("C.n", { range: at(2) }), change("f", { range: at(99) })] });
    expect(scene.seen()).toEqual(["7: ✓ redefined", "10: ✓ redefined"]);
  });

  test("a note goes when the definition is edited, wherever in it", () => {
    const scene = new Scene();
    scene.tell({
      definitions: [change("C.m", { range: at(1), reason: "1 thread", kind: "method" })],
    });
    expect(scene.seen()).toHaveLength(1);
    scene.edit("return x", "return y");
    expect(scene.seen()).toEqual([]);
  });

  test("results whose text did not change stay", () => {
    const scene = new Scene();
    const evaluated = { lines: ["def f():", "    pass"], codeEnd: 8 };
    const region = { start: { line: 10, character: 0 }, end: { line: 11, character: 8 } };
    const error = failure({ type: "NameError" });
    const run = { finishedAt: 0, durationMs: 0, lastOutput: null, alsoEvaluated: [], pictures: [] };
    const content = { kind: "error", error, run, retry: null } as const;
    const more = { generation: 0, nature: "result", edge: "last" } as const;
    scene.store.put(KEY, { ...more, content, region, evaluated });
    scene.tell({ definitions: [change("C.m", { range: at(1) })] });
    expect(scene.seen()).toContain("11: ✗ NameError: invalid syntax");
  });

  test("an error stands at its place, in the first file or where its stack ends", () => {
    const scene = new Scene();
    expect(scene.tell({ status: "error", error: failure({ range: at(5) }) })).toBe(true);
    const frames = [{ uri: KEY, name: "<module>", line: 8, text: "", own: true }];
    scene.tell({ status: "error", error: failure({ type: "ValueError", frames }) }, ["file:///b"]);
    expect(scene.seen()).toEqual([
      "5: ✗ SyntaxError: invalid syntax",
      "8: ✗ ValueError: invalid syntax",
    ]);
  });

  test("a file that was left out says why", () => {
    const scene = new Scene();
    const leftOut = [{ uri: KEY, error: failure({ range: at(3) }) }];
    scene.tell({ status: "error", error: failure({ range: at(3) }), leftOut }, [HIDDEN, KEY]);
    expect([scene.seen(), scene.seen(HIDDEN)]).toEqual([["3: ✗ SyntaxError: invalid syntax"], []]);
  });

  test.each<[string, Partial<Redefinition>]>([
    ["nothing", {}],
    ["what stands in a document no editor shows", { definitions: [change("f", { uri: HIDDEN })] }],
    ["what stands in no open document", { definitions: [change("f", { uri: "file:///closed" })] }],
    ["what is gone", { definitions: [change("gone", { outcome: "removed" })] }],
    ["an error without a place", { status: "error", error: failure() }],
  ])("%s cannot be seen in the text", (_what, redefinition) => {
    expect(new Scene().tell(redefinition)).toBe(false);
  });
});

describe("in one line", () => {
  const line = (more: Partial<Redefinition>): string => {
    const { mark, text } = news({ status: "ok", definitions: [], error: null, ...more });
    return `${mark} ${text}`;
  };
  const place = { line: 2, character: 0 };
  const waiting = change("line 3", {
    kind: "statement",
    outcome: "refused",
    reason: "not run",
    range: { start: place, end: place },
  });
  const gone = (name: string) =>
    change(name, { kind: "statement", outcome: "refused", reason: "it stays" });

  test.each<[string, Partial<Redefinition>]>([
    ["✓ nothing has changed", { definitions: [change("f", { outcome: "unchanged" })] }],
    [
      "✓ redefined 2 definitions · added g",
      { definitions: [change("f"), change("C.m"), change("g", { outcome: "added" })] },
    ],
    [
      "⚠ redefined f · not redefined C: it has slots",
      {
        status: "partial",
        definitions: [change("f"), change("C", { outcome: "refused", reason: "it has slots" })],
      },
    ],
    ["⚠ 1 changed statement is yours to run", { status: "partial", definitions: [waiting] }],
    [
      "⚠ redefined f · 1 changed statement is yours to run · C.a = 2: it stays",
      { status: "partial", definitions: [change("f"), waiting, gone("C.a = 2")] },
    ],
    [
      "⚠ C.a = 2: it stays (and 1 more)",
      { status: "partial", definitions: [gone("C.a = 2"), gone("C.b = 3")] },
    ],
    [
      "⚠ redefined f · b c.py left out: SyntaxError: invalid syntax",
      {
        status: "partial",
        definitions: [change("f")],
        leftOut: [{ uri: "file:///b%20c.py", error: failure() }],
      },
    ],
    ["✗ SyntaxError: invalid syntax", { status: "error", error: failure() }],
    [
      "✗ not redefined · the file is not loaded",
      {
        status: "refused",
        definitions: [change("the file", { outcome: "refused", reason: "the file is not loaded" })],
      },
    ],
  ])("%s", (expected, redefinition) => {
    expect(line(redefinition)).toBe(expected);
  });
});

test("a definition ends with its last line of code", () => {
  const lines = new TextModel(TEXT).lines;
  const ends = ["C", "C.m", "C.n", "f"].map((name) => {
    const header = definitionLine(lines, name) ?? -1;
    return [name, endLine(lines, header)];
  });
  expect(ends).toEqual([
    ["C", 8],
    ["C.m", 5],
    ["C.n", 8],
    ["f", 11],
  ]);
});
