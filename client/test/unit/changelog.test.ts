// How entries of the change log and versions of definitions read in lists, and how pages of them load.
import { describe, expect, test } from "vitest";
import { linesOf } from "../../src/annotations/evaluated";
import { Pages } from "../../src/changelog/pages";
import { firstChange, howOf, stateOf, wherein } from "../../src/changelog/versionWords";
import {
  codeOf,
  iconOf,
  outcomeOf,
  placeOf,
  recoveryDetail,
  whenOf,
} from "../../src/changelog/words";
import type { Difference, HistoryEntry, HistoryParams, Version } from "../../src/protocol.gen";
import { insertion } from "../../src/text/definitionPlace";
import { logged, recoverable } from "./logged";

const NOW = new Date("2026-11-26T20:00:00Z");
const relative = (uri: string) => uri.slice("file:///shop/".length);
const area = { uri: null, name: "area", kind: "function", outcome: "redefined" } as const;

describe("an entry", () => {
  test.each<[Partial<HistoryEntry>, string]>([
    [{ text: "a = [\n  1,\n]" }, "a = [ 1, ]"],
    [{ text: "x".repeat(300) }, `${"x".repeat(79)}…`],
    [{ text: "start", textTruncated: true }, "start …"],
    [{ text: '"$(zap) \u202e"' }, '"$\u2060(zap) \\u202e"'],
    [{ hidden: true, text: "" }, "(kept out of the log)"],
    [{ kind: "redefine", name: "Circle.area" }, "redefine Circle.area"],
    [{ kind: "redefine", definitions: [area] }, "redefine area"],
    [{ kind: "redefine" }, "redefine what had changed"],
    [{ kind: "undo", definitions: [area, area] }, "undo of area"],
    [{ kind: "revert", name: "hello" }, "revert hello"],
  ])("%j is told as %s", (more, code) => {
    expect(codeOf(logged(1, more))).toBe(code);
  });

  test.each<[Partial<HistoryEntry>, string]>([
    [{}, "prices.py:4"],
    [{ range: null }, "prices.py"],
    [{ uri: null, range: null }, "no file"],
    [{ uris: ["file:///shop/a.py", "file:///shop/b.py"] }, "2 files"],
  ])("%j stands at %s", (more, place) => {
    expect(placeOf(logged(3, more), relative)).toBe(place);
  });

  test("the day is told unless it is today", () => {
    const today = whenOf("2026-11-26T19:59:00Z", NOW);
    const before = whenOf("2026-11-20T19:59:00Z", NOW);
    expect(before.length).toBeGreaterThan(today.length);
    expect(before).toContain("20");
  });

  test.each<[Partial<HistoryEntry>, string]>([
    [{}, "ok, 12 ms"],
    [{ status: "error", error: "ValueError: no\nprice" }, "ValueError: no price"],
    [{ status: "died" }, "the process ended in it"],
    [{ status: "unknown", durationMs: null }, "no outcome"],
  ])("%j came out as %s", (more, outcome) => {
    expect(outcomeOf(logged(1, more))).toBe(outcome);
  });

  test("its icon is its outcome's; what went well says what it was", () => {
    expect(iconOf(logged(1)).id).toBe("check");
    expect(iconOf(logged(1, { kind: "redefine" })).id).toBe("edit");
    expect(iconOf(logged(1, { kind: "redefine", status: "refused" })).id).toBe("circle-slash");
  });
});

describe("the recovery list says of an entry", () => {
  const time = whenOf(logged(1).at, NOW);

  test("what it may act on, that it was running, that its text has gone", () => {
    const call = recoverable(1, { effects: "unknown", stands: false, replays: false });
    expect(recoveryDetail(call, NOW)).toBe(
      `ok, 12 ms · ${time} · may act on files or network · no longer in the file`,
    );
    const last = recoverable(2, { suspect: true, status: "unknown", effects: "data" });
    expect(recoveryDetail(last, NOW)).toBe(`was running at the end · ${time} · plain data`);
  });

  test("a reason of the daemon's where nothing else tells it", () => {
    const undone = recoverable(1, { kind: "undo", effects: "definition", why: "undoes 3" });
    expect(recoveryDetail(undone, NOW)).toBe(`ok, 12 ms · ${time} · definition · undoes 3`);
  });

  test("nothing of what was kept out of the log but how it went", () => {
    const hidden = recoverable(1, { hidden: true, stands: false, why: "it was kept out" });
    expect(recoveryDetail(hidden, NOW)).toBe(`ok, 12 ms · ${time}`);
  });
});

function version(more: Partial<Version>): Version {
  return {
    entry: "s:1",
    at: "2026-11-26T18:25:01Z",
    origin: "command",
    kind: "redefine",
    text: "",
    line: 0,
    running: false,
    inFile: false,
    ...more,
  };
}

describe("a version", () => {
  test("says how it came, whether it runs, and whether the file has it", () => {
    expect(howOf(version({ origin: "save" }))).toBe("Redefined on save");
    expect(howOf(version({ kind: null, origin: "loaded", at: null }))).toBe("Loaded with its file");
    expect(stateOf(version({ at: null, running: true, inFile: true }), NOW)).toBe(
      "runs now · in the file",
    );
  });

  test("is told from the one before by its first line that is another", () => {
    expect(firstChange("def f():\n    return 2\n", "def f():\n    return 1\n")).toBe("return 2");
    expect(firstChange("def f(a):\n    return 1", "def f():\n    return 1")).toBe("def f(a):");
    expect(firstChange("def f():\n    return 1", undefined)).toBe("def f():");
  });

  test.each<[Partial<Difference>, string]>([
    [{}, ""],
    [{ running: null }, "not in the process"],
    [{ disk: null }, "not on disk"],
    [{ inDocument: "def f(): 3" }, "unsaved text differs too"],
  ])("a difference %j is told as %j", (more, told) => {
    const both = { running: "def f(): 1", disk: "def f(): 2" };
    const difference: Difference = {
      uri: "",
      name: "f",
      kind: "function",
      line: 0,
      ...both,
      ...more,
    };
    expect(wherein(difference)).toBe(told);
  });
});

describe("a definition that is not in the file is written", () => {
  const lines = linesOf(["class A:", "    def f(self):", "        pass", "", "x = 1", "", ""]);

  test("at the end of its class, or of the file", () => {
    const text = "    def g(self):\n        pass";
    expect(insertion(lines, "A.g", text)).toEqual({ after: 2, text: `\n\n${text}` });
    expect(insertion(lines, "g", "def g(): 0")).toEqual({ after: 4, text: "\n\n\ndef g(): 0" });
    expect(insertion(linesOf([""]), "g", "def g(): 0")).toEqual({ after: -1, text: "def g(): 0" });
  });

  test("nowhere when there is no such class", () => {
    expect(insertion(lines, "B.g", "")).toBeUndefined();
  });
});

describe("pages", () => {
  /** A log of so many entries, and what it was asked. */
  function log(count: number) {
    const all = Array.from({ length: count }, (_, index) => logged(count - index));
    const asked: HistoryParams[] = [];
    const ask = async (params: HistoryParams) => {
      asked.push(params);
      const from = params.before ? all.findIndex(({ id }) => id === params.before) + 1 : 0;
      return all.slice(from, from + (params.limit ?? 100));
    };
    return { all, asked, pages: new Pages("file:///shop", ask) };
  }

  test("the newest come first, older ones when they are asked for", async () => {
    const { all, asked, pages } = log(230);
    await pages.renew();
    expect([pages.items.length, pages.more]).toEqual([100, true]);
    await pages.loadMore();
    await pages.loadMore();
    expect([pages.items, pages.more]).toEqual([all, false]);
    expect(asked.at(-1)).toEqual({ uri: "file:///shop", limit: 100, before: all[199]?.id });
  });

  test("what was loaded stays when there is something new, and only the newest are asked for", async () => {
    const { all, pages, asked } = log(230);
    await pages.renew();
    await pages.loadMore();
    all.unshift(logged(231));
    await pages.renew();
    expect(pages.items).toEqual(all.slice(0, 201));
    expect(asked.at(-1)).toEqual({ uri: "file:///shop", limit: 100 });
    expect(pages.more).toBe(true);
  });

  test("what is not known to follow the newest is let go", async () => {
    const { all, pages } = log(230);
    await pages.renew();
    await pages.loadMore();
    all.unshift(...Array.from({ length: 150 }, (_, index) => logged(1000 - index)));
    await pages.renew();
    expect([pages.items, pages.more]).toEqual([all.slice(0, 100), true]);
  });
});
