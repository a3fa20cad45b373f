// The history of the results panel: what is shown as results come and one goes back, and what is let go.
import { describe, expect, test } from "vitest";
import type { Value } from "../../src/protocol.gen";
import { Exhibits, formatOf, formats } from "../../src/results/exhibits";
import { History } from "../../src/results/history";

const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 5 } };
const uri = "file:///a.py";
const png = { mime: "image/png", data: "iVBORw0KGgo=", encoding: "base64" } as const;

function aValue(text: string, rest: Partial<Value> = {}): Value {
  return { text, type: "list", truncated: false, mimes: [], ref: text, detail: null, ...rest };
}

function exhibits(): Exhibits {
  return new Exhibits((_, line) => `  line ${line}`);
}

function result(
  of: Exhibits,
  value: Value | null,
  token = "1",
  origin = "requested" as const,
): void {
  of.result({ id: 1, uri, token, result: { id: "1:1", range, value, durationMs: 1, origin } });
}

describe("what is shown", () => {
  test("is the newest result, with where its code is", () => {
    const shown = exhibits();
    result(shown, aValue("[1]"));
    result(shown, aValue("[2]"));
    expect(shown).toMatchObject({ position: 2, count: 2 });
    expect(shown.shown).toMatchObject({ value: { text: "[2]" }, line: 2, code: "line 2" });
  });

  test("is what one went back to, until something newer comes", () => {
    const shown = exhibits();
    for (const text of ["[1]", "[2]", "[3]"]) {
      result(shown, aValue(text));
    }
    shown.step(-1);
    shown.step(-1);
    shown.step(-1);
    expect(shown.shown?.value?.text).toBe("[1]");
    shown.step(1);
    expect(shown.shown?.value?.text).toBe("[2]");
    result(shown, aValue("[4]"));
    expect(shown.shown?.value?.text).toBe("[4]");
  });

  test("is what is pinned, whatever comes, until it is let go", () => {
    const shown = exhibits();
    result(shown, aValue("[1]"));
    shown.pin(true);
    result(shown, aValue("[2]"));
    expect(shown).toMatchObject({ position: 1, count: 2, shown: { value: { text: "[1]" } } });
    shown.pin(false);
    result(shown, aValue("[3]"));
    expect(shown.shown?.value?.text).toBe("[3]");
  });

  test("is neither None, nor what was evaluated only because it was needed", () => {
    const shown = exhibits();
    result(shown, aValue("None", { type: "NoneType" }));
    result(shown, null);
    const value = aValue("[1]");
    const needed = { id: "1:1", range, value, durationMs: 1, origin: "dependency" } as const;
    shown.result({ id: 1, uri, result: needed });
    expect(shown.shown).toBeUndefined();
  });
});

describe("pictures", () => {
  test("of a value belong to it, and are its best form: it may be another by now", () => {
    const shown = exhibits();
    result(shown, aValue("<Figure>", { mimes: ["image/svg+xml"] }));
    shown.display({ id: 1, uri, range, ref: "<Figure>", displays: [png], token: "1" });
    expect(shown.count).toBe(1);
    expect(shown.shown && formats(shown.shown)).toEqual(["image/png", "image/svg+xml", "text"]);
    shown.choose(1, "text");
    expect(shown.shown && formatOf(shown.shown)).toBe("text");
    shown.choose(1, "application/x-unknown");
    expect(shown.shown && formatOf(shown.shown)).toBe("text");
  });

  test("that code shows stand for themselves, and are found again by their evaluation", () => {
    const shown = exhibits();
    shown.display({ id: 1, uri, range, ref: null, displays: [png], token: "1" });
    result(shown, aValue("[1]"), "2");
    expect(shown).toMatchObject({ position: 2, count: 2 });
    shown.open(uri, "1", null, 2);
    expect(shown).toMatchObject({ position: 1, count: 2, shown: { displays: [png] } });
  });

  test("of the oldest results are let go when there are too many", () => {
    const shown = exhibits();
    const large = { ...png, data: "A".repeat(20_000_000) };
    for (const token of ["1", "2", "3", "4"]) {
      shown.display({ id: 1, uri, range, ref: null, displays: [large], token });
    }
    const kept = [1, 2, 3, 4].map((id) => shown.get(id)?.displays.length);
    expect(kept).toEqual([0, 1, 1, 1]);
  });
});

test("the same name in another evaluation is another value", () => {
  const shown = exhibits();
  result(shown, aValue("[1]", { ref: "v1" }), "1");
  shown.expire();
  result(shown, aValue("[2]", { ref: "v1" }), "2");
  shown.open(uri, "1", aValue("[1]", { ref: "v1" }), 2);
  expect(shown.shown).toMatchObject({ value: { text: "[1]" }, expired: true });
});

test("a result that was forgotten can still be opened", () => {
  const shown = exhibits();
  shown.open(uri, "7", aValue("[7]"), 2);
  expect(shown).toMatchObject({ position: 1, count: 1, shown: { value: { text: "[7]" } } });
});

test("forms are ordered best first, each once, with text as the last", () => {
  const shown = exhibits();
  const mimes = ["text/html", "*", "text/latex", "application/x-unknown", "text/html"];
  result(shown, aValue("frame", { mimes, hasTable: true, hasChildren: true }));
  expect(shown.shown && formats(shown.shown)).toEqual([
    "table",
    "text/html",
    "text/latex",
    "tree",
    "text",
  ]);
});

test("the oldest is let go, but never what is shown", () => {
  const history = new History<{ readonly id: number }>();
  history.add({ id: 0 });
  history.pinned = true;
  for (let id = 1; id <= 200; id += 1) {
    history.add({ id });
  }
  expect(history.shown?.id).toBe(0);
  expect(history.count).toBe(100);
  expect(history.get(1)).toBeUndefined();
  expect(history.get(200)).toBeDefined();
});
