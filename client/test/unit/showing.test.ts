// What is drawn and said: line ends, receipts, hovers, the status bar, the output.
import { describe, expect, test } from "vitest";
import { definitionLine, headerLine } from "../../src/annotations/definitionLine";
import { type DrawingOptions, draw } from "../../src/annotations/drawing";
import { duration } from "../../src/annotations/duration";
import { errorText } from "../../src/annotations/errorText";
import { linesOf } from "../../src/annotations/evaluated";
import { hoverText } from "../../src/annotations/hoverText";
import { receipt, type Told } from "../../src/annotations/receipt";
import { isThumbnail } from "../../src/annotations/thumbnail";
import type {
  DefinitionChange,
  Display,
  ErrorInfo,
  FrameInfo,
  LinkedError,
  SessionInfo,
  Value,
} from "../../src/protocol.gen";
import { linksIn } from "../../src/views/outputLinks";
import { status } from "../../src/views/statusText";
import { TerminalText } from "../../src/views/terminalText";
import { Annotated, KEY, value } from "./annotated";
import { errorInfo } from "./errorInfo";
import { sessionInfo } from "./sessionInfo";

const ON: DrawingOptions = { inline: "on", maxLength: 100, typing: undefined };

function drawn(document: Annotated, options: Partial<DrawingOptions> = {}): string[] {
  const { lineEnds } = draw(document.store.all(KEY), document.model.lines, { ...ON, ...options });
  return lineEnds.map(
    ({ line, style, text }) => `${line} ${style}: ${text.replaceAll("\u00a0", " ").trim()}`,
  );
}

function withValue(
  text: string,
  more: Partial<Value>,
  pictures: readonly Display[] = [],
): Annotated {
  const document = new Annotated("x\n");
  const content = value(text);
  if (content.kind !== "value") {
    throw new Error("a value is none");
  }
  const run = { ...content.run, pictures };
  const changed = { ...content, run, value: { ...content.value, ...more } };
  document.result(0, 0, "", { content: changed });
  return document;
}

describe("line ends", () => {
  test("a cut value says how much there is", () => {
    expect(drawn(withValue("[0, 1…", { truncated: true, length: 10_000, type: "list" }))).toEqual([
      "0 value: ⇒ [0, 1… · 10,000 items",
    ]);
    expect(drawn(withValue("'aaa…", { truncated: true, length: 500, type: "str" }))).toEqual([
      "0 value: ⇒ 'aaa… · 500 characters",
    ]);
  });

  test("code that only shows a picture says so", () => {
    const picture = { mime: "image/png", data: "AA", encoding: "base64" } as const;
    const none = { type: "NoneType" };
    expect(drawn(withValue("None", none, [picture]))).toEqual(["0 output: ✓ picture"]);
    expect(drawn(withValue("<Figure>", {}, [picture]))).toEqual(["0 value: ⇒ <Figure>"]);
  });

  test("a table is told by its shape, an array by its items too", () => {
    const summary = "DataFrame 2 rows × 1 column: a int64";
    expect(drawn(withValue("   a\n0  1\n1  2", { summary }))).toEqual([`0 value: ⇒ ${summary}`]);
    expect(drawn(withValue("array([1, 2])", { summary: "int64 (2,)" }))).toEqual([
      "0 value: ⇒ array([1, 2]) · int64 (2,)",
    ]);
  });

  test("two blanks that stay apart come first", () => {
    const [end] = draw(withValue("1", {}).store.all(KEY), linesOf(["x"]), ON).lineEnds;
    expect(end?.text).toBe("\u00a0\u00a0⇒\u00a01");
  });

  test("settings leave errors alone, or nothing", () => {
    const document = new Annotated("a\nb\n");
    document.result(0, 0, "1");
    const run = { finishedAt: 0, durationMs: 0, lastOutput: null, alsoEvaluated: [], pictures: [] };
    document.result(1, 1, "", { content: { kind: "stopped", how: "died", cause: null, run } });
    expect(drawn(document, { inline: "errorsOnly" })).toEqual([
      "1 error: ✗ the Python process ended",
    ]);
    expect(drawn(document, { inline: "off" })).toEqual([]);
  });

  test("while somebody types at a line's end, only what is new is drawn there", () => {
    const document = new Annotated("a\nb\n");
    const old = document.result(0, 0, "old");
    const typing = { line: 0, newest: old?.id ?? 0 };
    expect(drawn(document, { typing })).toEqual([]);
    document.result(0, 0, "new");
    expect(drawn(document, { typing })).toEqual(["0 value: ⇒ new"]);
  });

  test("nothing is drawn behind a line that is too long to be drawn", () => {
    const document = new Annotated(`${"x".repeat(20_000)}\n`);
    document.result(0, 0, "1");
    expect(drawn(document)).toEqual([]);
  });

  test.each([
    [0.4, "0 ms"],
    [12.3, "12 ms"],
    [1234, "1.2 s"],
    [61_000, "1 min 1 s"],
  ])("%d ms is said as %s", (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });
});

function change(more: Partial<DefinitionChange>): DefinitionChange {
  return {
    name: "f",
    kind: "function",
    outcome: "redefined",
    functionsUpdated: 1,
    instancesUpdated: 0,
    referencesUpdated: 0,
    ...more,
  };
}

describe("receipts", () => {
  const said = (more: Partial<Told>): string => {
    const { mark, text } = receipt({ status: "ok", definitions: [], error: null, ...more });
    return `${mark} ${text}`;
  };

  test.each<[string, Partial<Told>]>([
    [
      "✓ undone · 3 instances · in the process, not in the file",
      { definitions: [change({ instancesUpdated: 3 })], undone: "the redefinition of 'area'" },
    ],
    ["✓ redefined", { definitions: [change({})] }],
    [
      "✓ redefined · 3 instances · 1 alias",
      { definitions: [change({ instancesUpdated: 3, referencesUpdated: 1 })] },
    ],
    ["✓ added", { definitions: [change({ outcome: "added" })] }],
    ["✓ unchanged", { definitions: [change({ outcome: "unchanged" })] }],
    [
      "✓ redefined · 2 definitions · 2 aliases",
      { definitions: [change({ referencesUpdated: 2 }), change({ outcome: "added" })] },
    ],
    [
      "✓ redefined · 3 definitions · 5 instances",
      {
        definitions: [
          change({ name: "C", kind: "class", instancesUpdated: 3 }),
          change({ name: "C.m", kind: "method", instancesUpdated: 3 }),
          change({ name: "D.m", kind: "method", instancesUpdated: 2 }),
        ],
      },
    ],
    [
      "✓ redefined · patched · 1 instance",
      { definitions: [change({ patch: "patched", instancesUpdated: 1 })] },
    ],
    ["✓ reverted", { definitions: [change({ patch: "reverted", outcome: "removed" })] }],
    [
      "✓ redefined · patched · 2 definitions",
      { definitions: [change({ patch: "reverted" }), change({ patch: "patched" })] },
    ],
    [
      "⚠ redefined · 1 thread still runs the old body",
      { status: "partial", definitions: [change({ reason: "1 thread still runs the old body" })] },
    ],
    [
      "✗ not redefined · 'f' is compiled code",
      {
        status: "refused",
        definitions: [change({ outcome: "refused", reason: "'f' is compiled code" })],
      },
    ],
  ])("%s", (expected, more) => {
    expect(said(more)).toBe(expected);
  });
});

describe("the hover of an error", () => {
  const local = (name: string, text: string) => ({ name, text, truncated: false });
  const frame = (name: string, line: number, more: Partial<FrameInfo> = {}): FrameInfo => ({
    uri: `file:///${name}.py`,
    name,
    line,
    text: `${name}()`,
    own: true,
    ...more,
  });
  const said = (more: Partial<ErrorInfo>): string =>
    errorText(errorInfo(more), ({ line }) => `to:${line}`).join("\n");

  test("own code comes first, the innermost before its callers, each with its values", () => {
    const frames = [
      frame("main", 1),
      frame("work", 2, { locals: [local("x", "1"), local("text", "'a\n  b'")] }),
      frame("lib", 3, { own: false }),
    ];
    const text = said({ frames });
    expect(text.indexOf("[line 3](to:2)")).toBeLessThan(text.indexOf("[line 2](to:1)"));
    expect(text).not.toContain("to:3");
    expect(text).toContain("work()\n    x = 1\n    text = 'a⏎b'");
    expect(text).toContain("… and 1 more frame");
  });

  test("where no code is the user's own, that of libraries is shown", () => {
    expect(said({ frames: [frame("lib", 3, { own: false })] })).toContain("[line 4](to:3)");
  });

  test("what was left out is counted", () => {
    const locals = Array.from({ length: 20 }, (_, index) => local(`v${index}`, "0"));
    const text = said({ frames: [frame("f", 0, { locals, localsOmitted: 5, omitted: 990 })] });
    expect(text).toContain("# … 17 more");
    expect(text).toContain("… and 990 more frames");
  });

  test("causes follow each other, and groups are a tree", () => {
    const other = (relation: LinkedError["relation"], type: string, more = {}): LinkedError => ({
      ...errorInfo({ type, message: "m" }),
      relation,
      ...more,
    });
    const inner = other("member", "KeyError", { frames: [frame("f", 6)] });
    const text = said({
      notes: ["a note"],
      causes: [other("cause", "OSError"), other("context", "TypeError")],
      exceptions: [other("member", "ExceptionGroup", { exceptions: [inner], omitted: 2 })],
    });
    expect(text).toContain("ValueError: no\na note");
    expect(text).toContain("- Raised from ` OSError: m `\n- Raised while handling");
    expect(text).toContain("- In the group: ` ExceptionGroup: m `\n  - In the group: ");
    expect(text).toContain("[line 7](to:6)");
  });

  test("nothing that user code made is markup", () => {
    const evil = "`</code>[x](command:quit)\n# <img src=x>";
    const frames = [
      frame(evil, 0, { uri: "file:///a%60b%5D.py", text: evil, locals: [local(evil, evil)] }),
    ];
    const causes = [
      { ...errorInfo({ type: evil, message: evil, frames }), relation: "cause" as const },
    ];
    const text = said({ type: evil, message: evil, notes: [evil], frames, causes });
    expect(withoutCode(text)).not.toMatch(/command:|<img|<\/code/);
  });

  /** The text without what stands in code blocks and spans, as Markdown reads it. */
  function withoutCode(text: string): string {
    return text
      .replace(/^(`{3,})[^`\n]*\n[\s\S]*?\n\1$/gm, "")
      .replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, "");
  }
});

describe("hovers", () => {
  const links = { command: (id: string) => `command:${id}`, frame: () => undefined };

  test("the longer text, its type, and what can be done", () => {
    const document = withValue("[0…", { detail: "[0, 1, 2]", truncated: true, type: "list" });
    const [annotation] = document.store.all(KEY);
    const text = annotation === undefined ? "" : hoverText(annotation, links);
    expect(text).toContain("Value ` list ` · 1 ms");
    expect(text).toContain("```python\n[0, 1, 2]\n```");
    expect(text).not.toContain("Cut");
    expect(text).toContain(
      "[Copy](command:relive.copyResult) · [Open in Editor](command:relive.openResult)",
    );
  });

  const picture = { mime: "image/png", data: "iVBORw0KGgo=", encoding: "base64" } as const;

  function hoverWith(pictures: readonly Display[], more: Partial<Value> = {}): string {
    const [annotation] = withValue("<Figure>", more, pictures).store.all(KEY);
    return annotation === undefined ? "" : hoverText(annotation, links);
  }

  test("the latest picture of a value, and where it is larger", () => {
    const text = hoverWith([{ ...picture, data: "AAAA" }, picture]);
    expect(text).toContain("![Picture](data:image/png;base64,iVBORw0KGgo=|width=240)");
    expect(text).not.toContain("AAAA");
    expect(text).toContain("[Results Panel](command:relive.openPanel)");
  });

  test("no picture for which there is no room", () => {
    const large = { ...picture, data: "A".repeat(60_000) };
    const detail = "y".repeat(45_000);
    expect(hoverWith([large]).length).toBeGreaterThan(60_000);
    const text = hoverWith([large], { detail });
    expect(text).not.toContain("![Picture]");
    expect(text.length).toBeLessThan(100_000);
  });

  test.each([
    [picture, true],
    [{ ...picture, mime: "image/svg+xml" }, false],
    [{ ...picture, data: 'x" onload="' }, false],
    [{ ...picture, data: "A".repeat(100_000) }, false],
  ])("what may be a thumbnail: %j", (display, may) => {
    expect(isThumbnail(display)).toBe(may);
  });

  test("a shape instead of the type", () => {
    expect(hoverWith([], { summary: "float64 (3,)" })).toContain("Value ` float64 (3,) ` ·");
  });

  test.each([
    ["patched", "patched: it is not what the process loaded"],
    ["reverted", "as it was loaded again"],
  ] as const)("of a library's definition that it is %s", (patch, said) => {
    const redefinition = { status: "ok" as const, definitions: [change({ patch })], error: null };
    const document = new Annotated("def f(): ...\n");
    const content = { kind: "receipt", redefinition, finishedAt: 0 } as const;
    const annotation = document.result(0, 0, "", { content });
    expect(annotation && hoverText(annotation, links)).toContain(`redefined · ${said}`);
  });

  test("a cut text says so, and stays within what an editor shows", () => {
    const document = withValue("x…", { detail: `${"x".repeat(200_000)}…`, truncated: true });
    const [annotation] = document.store.all(KEY);
    const text = annotation === undefined ? "" : hoverText(annotation, links);
    expect(text).toContain("Cut: the value is longer than this.");
    expect(text.length).toBeLessThan(100_000);
  });
});

describe("the status bar", () => {
  const session: SessionInfo = sessionInfo();
  const known = {
    trusted: true,
    daemon: "running",
    session,
    name: "one",
    others: [],
    elapsedMs: 0,
    recoverable: [],
  } as const;

  test.each([
    ["untrusted", { ...known, trusted: false }, "$(shield) Relive"],
    ["no session", { ...known, session: undefined }, "$(zap) Relive"],
    ["idle", known, "$(zap) Relive: idle"],
    [
      "busy",
      { ...known, session: { ...session, state: "busy", queued: 2 }, elapsedMs: 3999 },
      "$(sync~spin) Relive: 3 s, 2 waiting",
    ],
    [
      "busy beside others",
      {
        ...known,
        session: { ...session, state: "busy", queued: 2 },
        others: [{ name: "two", session: { ...session, queued: 1 } }],
      },
      "$(sync~spin) Relive: 0 s, 3 waiting",
    ],
    [
      "idle, and nothing is written to its log",
      { ...known, session: { ...session, log: { folder: "/a/.relive", problem: "it is full" } } },
      "$(warning) Relive: not logged",
    ],
    ["dead", { ...known, session: { ...session, state: "dead" } }, "$(error) Relive: ended"],
    ["no daemon", { ...known, daemon: "failed" }, "$(error) Relive: not running"],
  ] as const)("%s", (_name, state, expected) => {
    expect(status(state).text).toBe(expected);
  });

  test("its tooltip says why nothing is logged, and what can be recovered", () => {
    const log = { folder: "/a/.relive", problem: "no space left on the disk" };
    const recoverable = ["a: 14 evaluations of its last process can be recovered."];
    const { tooltip, severity } = status({ ...known, session: { ...session, log }, recoverable });
    expect(severity).toBe("warning");
    expect(tooltip).toContain("Nothing can be recovered: no space left");
    expect(tooltip.split("\n").at(-1)).toBe(recoverable[0]);
    const none = status({ ...known, session: undefined, recoverable });
    expect(none.tooltip.split("\n").at(-1)).toBe(recoverable[0]);
  });

  test("its tooltip says how far it can go back, why not, and that it has", () => {
    const at = "2026-11-27T08:00:00+00:00";
    const { tooltip } = status({
      ...known,
      session: {
        ...session,
        checkpoints: [{ evaluation: 3, at }],
        noCheckpoint: "a socket is open",
        cameBack: { reason: "was killed by signal 9", lost: [{ label: "x = 1", entry: "s:1" }] },
      },
    });
    expect(tooltip).toContain(
      "Can go back to 1 checkpoint\nNo checkpoint meanwhile: a socket is open",
    );
    expect(tooltip).toContain(
      "Came back: the Python process was killed by signal 9; another goes on with the state before “x = 1”, without 1 evaluation since",
    );
  });

  test("what runs on, and why there is no checkpoint for it, is one line", () => {
    const why = "the thread 'Thread-1' runs on";
    const { tooltip } = status({
      ...known,
      session: { ...session, notes: [why], noCheckpoint: why },
    });
    expect(tooltip).toContain(`${why}: no checkpoint meanwhile`);
    expect(tooltip.split("\n").filter((line) => line.includes(why))).toHaveLength(1);
  });

  test("its tooltip has the process, its Python, and why it ended", () => {
    const { tooltip } = status({
      ...known,
      session: { ...session, state: "dead", reason: "killed by signal 9" },
    });
    expect(tooltip).toContain("Session: dead, killed by signal 9");
    expect(tooltip).toContain("Process 42\nPython 3.12.1 /usr/bin/python3\n3 evaluations");
  });

  test("its tooltip tells several sessions apart, each with its process and its Python", () => {
    const other = {
      ...session,
      pid: 43,
      version: "3.9.2",
      python: "/two/.venv/bin/python",
      queued: 1,
    };
    const { tooltip } = status({ ...known, others: [{ name: "two", session: other }] });
    expect(tooltip.split("\n").slice(0, 2)).toEqual(["Session of one: idle", "Process 42"]);
    expect(tooltip).toContain(
      "\ntwo: idle, 1 waiting, process 43, Python 3.9.2 /two/.venv/bin/python\n",
    );
  });
});

describe("the output's terminal", () => {
  const heading = (name: string) => () => `[${name}]\r\n`;

  test("each piece is under its evaluation", () => {
    const output = new TerminalText();
    const add = (source: string, text: string) => output.add(source, text, heading(source));
    const written = add("1", "one\n") + add("1", "two") + add("2", "three\n") + add("1", "four\n");
    expect(written).toBe("[1]\r\none\r\ntwo\u001b[0m\r\n[2]\r\nthree\r\n\u001b[0m[1]\r\nfour\r\n");
  });

  test.each([
    ["colours stay", "\u001b[1;31mred\u001b[0m", "\u001b[1;31mred\u001b[0m"],
    ["so does drawing over", "\r50%\u001b[K\u001b[2K\u001b[1A", "\r50%\u001b[K\u001b[2K\u001b[1A"],
    ["no title is set", "a\u001b]0;title\u0007b\u001b]2;x\u001b\\c", "abc"],
    ["no clipboard is written", "\u001b]52;c;eA==\u0007", ""],
    ["no link is made", "\u001b]8;;command:x\u001b\\text\u001b]8;;\u001b\\", "text"],
    ["no screen, mouse or cursor is taken", "\u001b[?1049h\u001b[?1000h\u001b[?25l", ""],
    ["nothing is asked", "\u001b[6n\u001b[c\u001b[>c\u001bZ\u0005", ""],
    ["no program of the shell is feigned", "\u001b]633;A\u0007\u001bP+q\u001b\\", ""],
    ["bells do not ring", "\u0007\u009b5n", "5n"],
  ])("%s", (_name, text, expected) => {
    expect(new TerminalText().add("1", text, () => "")).toBe(expected);
  });

  test("headings and lines of tracebacks lead to code", () => {
    const place = { uri: "file:///a.py", line: 4 };
    const links = (line: string) =>
      linksIn(line, new Map([["▸ a.py:5 · 7", place]]), (path) => `file://${path}`);
    expect(links("▸ a.py:5 · 7   ")).toEqual([{ startIndex: 0, length: 12, place }]);
    expect(links("▸ a.py:5 · 7 · continued")).toEqual([{ startIndex: 0, length: 12, place }]);
    expect(links('  File "/w/b.py", line 3, in f')).toEqual([
      { startIndex: 2, length: 22, place: { uri: "file:///w/b.py", line: 2 } },
    ]);
    expect(links('  File "<string>", line 3, in f')).toEqual([]);
    expect(links("a.py:5")).toEqual([]);
  });

  test("an escape sequence in two pieces is one", () => {
    const output = new TerminalText();
    const parts = ["a\u001b", "[3", "1mred", "\u001b]0;ti", "tle\u0007b"];
    const written = parts.map((part) => output.add("1", part, () => ""));
    expect(written.join("")).toBe("a\u001b[31mredb");
  });
});

describe("a definition's line", () => {
  const text = linesOf([
    "def f(): pass",
    "class C:",
    "    @property",
    "    def m(",
    "        self,",
    "    ): pass",
    "    async def n(self): pass",
    "if True:",
    "    def g(): pass",
    "def f(): pass",
  ]);

  test.each([
    ["C", 1],
    ["C.m", 3],
    ["C.n", 6],
    ["g", 8],
    ["f", 9],
    ["nothing", undefined],
  ])("%s", (name, expected) => {
    expect(definitionLine(text, name)).toBe(expected);
  });

  test("is below its decorators", () => {
    expect(headerLine(text, 2, 5)).toBe(3);
  });
});
