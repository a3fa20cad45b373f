// The life of an annotation, one behaviour a test.
import { describe, expect, test } from "vitest";
import type { Content } from "../../src/annotations/content";
import { Annotated, KEY, pending, value } from "./annotated";
import { errorInfo } from "./errorInfo";

function sample(): Annotated {
  const document = new Annotated("import os\nx = 1\ny = [\n    x,\n]\nx + 1\n");
  document.result(1, 1, "one");
  document.result(2, 4, "list");
  document.result(5, 5, "two");
  return document;
}

const ALL = ["1: one", "4: list", "5: two"];

describe("moving", () => {
  test("text above moves results down", () => {
    const document = sample();
    document.replace("import os", "import os\nimport sys");
    expect(document.seen).toEqual(["2: one", "5: list", "6: two"]);
  });

  test("a new line at the end of a result's line leaves it", () => {
    const document = sample();
    document.replace("x = 1", "x = 1\n");
    expect(document.seen).toEqual(["1: one", "5: list", "6: two"]);
  });

  test("a new line at the start of a result's line takes it along", () => {
    const document = sample();
    document.replace("x = 1", "\nx = 1");
    expect(document.seen).toEqual(["2: one", "5: list", "6: two"]);
  });

  test("carriage returns are no difference", () => {
    const document = new Annotated("a = 1\r\nb = 2\r\n");
    document.result(1, 1, "two");
    document.replace("a = 1\r\n", "");
    expect(document.seen).toEqual(["0: two"]);
  });

  test("a line moved past a result keeps it", () => {
    const document = sample();
    const cut = document.model.replacing("import os\n", "");
    document.change([
      cut,
      { ...document.model.replacing("y = [", ""), length: 0, text: "import os\n" },
    ]);
    expect(document.seen).toEqual(["0: one", "4: list", "5: two"]);
  });

  test("replacing the whole document by nearly the same one keeps what is the same", () => {
    const document = sample();
    document.replace(
      document.model.text,
      document.model.text.replace("import os", "import os, sys"),
    );
    expect(document.seen).toEqual(ALL);
  });
});

describe("editing the text that was evaluated", () => {
  test.each([
    ["in it", "x = 1", "x = 2", "1: one stale"],
    ["at its end", "x = 1\n", "x = 10\n", "1: one stale"],
    ["at its start", "x = 1", "xx = 1", "1: one stale"],
    ["far behind it on its line", "x = 1", "x = 1  + 2", "1: one stale"],
    ["a comment behind it", "x = 1", "x = 1  # one", "1: one"],
    ["blanks behind it", "x = 1", "x = 1  ", "1: one"],
  ])("%s", (_case, found, text, expected) => {
    const document = sample();
    document.replace(found, text);
    expect(document.seen).toEqual([expected, ...ALL.slice(1)]);
  });

  test("between the lines of a longer statement", () => {
    const document = sample();
    document.replace("    x,\n", "    x,\n    2,\n");
    expect(document.seen).toEqual(["1: one", "5: list stale", "6: two"]);
  });

  test("it is current again when the text is again what it was, typed or undone", () => {
    const document = sample();
    document.replace("x = 1", "x = 12");
    document.replace("x = 12", "x = 1");
    expect(document.seen).toEqual(ALL);
    document.undo(document.replace("    x,\n]", "    x"));
    expect(document.seen).toEqual(ALL);
  });

  test("the setting onEdit=clear removes it", () => {
    const document = sample();
    document.store.clearsOnEdit = true;
    document.replace("x = 1", "x = 2");
    expect(document.seen).toEqual(["4: list", "5: two"]);
  });

  test("a note goes, whatever the setting", () => {
    const document = sample();
    document.result(0, 0, "note", { nature: "note" });
    document.replace("import os", "import sys");
    expect(document.seen).toEqual(ALL);
  });
});

describe("deleting the text", () => {
  test("hides the result, undoing brings it back", () => {
    const document = sample();
    const undo = document.replace("x = 1\ny = [\n", "");
    expect(document.seen).toEqual(["2: list stale", "3: two"]);
    document.undo(undo);
    expect(document.seen).toEqual(ALL);
  });

  test("other text typed in its place does not get the result", () => {
    const document = sample();
    document.replace("x = 1", "");
    document.replace("import os\n\n", "import os\nz = 9\n");
    expect(document.seen).toEqual(ALL.slice(1));
  });

  test("cut and pasted elsewhere, the text has its result there", () => {
    const document = sample();
    document.replace("x = 1\n", "");
    document.replace("x + 1\n", "x + 1\nx = 1\n");
    expect(document.seen).toEqual(["5: one", "3: list", "4: two"]);
  });

  test("undone step by step, all is as it was", () => {
    const document = sample();
    const first = document.replace("    x,\n]\n", "");
    const second = document.replace("x = 1\ny = [\n", "");
    expect(document.seen).toEqual(["1: two"]);
    document.undo(second);
    document.undo(first);
    expect(document.seen).toEqual(ALL);
  });
});

describe("the newest wins", () => {
  test("on its line", () => {
    const document = sample();
    document.result(1, 1, "newer");
    expect(document.seen).toEqual(["4: list", "5: two", "1: newer"]);
  });

  test("over results of the code it holds", () => {
    const document = sample();
    document.result(1, 4, "both");
    expect(document.seen).toEqual(["5: two", "4: both"]);
  });

  test("an answer to an older request comes too late", () => {
    const document = sample();
    expect(document.result(1, 1, "older", { generation: 0 })).toBeUndefined();
    expect(document.seen).toEqual(ALL);
  });

  test("a note leaves the result of its line, to be seen again after it", () => {
    const document = sample();
    const note = document.result(1, 1, "note", { nature: "note" });
    expect(document.store.at(KEY, 1).map(({ nature }) => nature)).toEqual(["note", "result"]);
    document.store.remove(KEY, ...(note ? [note] : []));
    expect(document.seen).toEqual(ALL);
  });
});

describe("documents and processes", () => {
  test("results are found again in a document that changed while it was closed", () => {
    const document = sample();
    document.model.text = `# new\n${document.model.text.replace("x + 1", "x + 3")}`;
    document.store.reconcile(KEY, document.model.lines);
    expect(document.seen).toEqual(["2: one", "5: list", "5: two stale"]);
  });

  test("what came from a process that ended stays stale", () => {
    const document = sample();
    document.store.expire();
    document.undo(document.replace("x = 1", "x = 2"));
    expect(document.seen).toEqual(ALL.map((line) => `${line} stale`));
  });

  test("they follow a renamed document", () => {
    const document = sample();
    document.store.rename(KEY, "file:///other.py");
    expect(document.seen).toEqual([]);
    expect(document.store.all("file:///other.py")).toHaveLength(3);
  });

  test("a document keeps a bounded number of results", () => {
    const document = new Annotated("x\n".repeat(2100));
    for (let line = 0; line < 2100; line += 1) {
      document.result(line, line, String(line));
    }
    expect(document.seen).toHaveLength(2000);
    expect(document.seen.at(0)).toBe("100: 100");
  });

  test("a long queue takes no result's place, and a mark that says something else stays itself", () => {
    const document = new Annotated("x\n".repeat(900));
    const kept = document.result(0, 0, "kept");
    for (let line = 1; line < 900; line += 1) {
      document.result(line, line, "", { nature: "pending", content: pending });
    }
    expect(document.store.get(KEY, kept?.id ?? 0)).toBeDefined();
    const mark = document.store.all(KEY)[5];
    document.store.say(KEY, mark?.id ?? 0, { ...pending, lastOutput: "50%" });
    expect(document.store.get(KEY, mark?.id ?? 0)?.content).toMatchObject({ lastOutput: "50%" });
    expect(document.store.all(KEY)[5]?.id).toBe(mark?.id);
  });

  test("clearing leaves what is running", () => {
    const document = sample();
    document.result(1, 1, "", { nature: "pending", content: pending });
    document.store.clear();
    expect(document.seen).toEqual(["1: pending"]);
  });
});

test("the place of a missing name moves with the text", () => {
  const document = sample();
  const retry = {
    missing: { line: 1, character: 0 },
    target: { start: { line: 5, character: 0 }, end: { line: 5, character: 5 } },
    wholeFile: false,
  };
  const content = {
    ...value(""),
    kind: "error",
    error: errorInfo({ type: "NameError", message: "x" }),
    retry,
  } as Content;
  document.result(5, 5, "", { content });
  document.replace("import os\n", "import os\nimport sys\n");
  expect(retry.missing.line).toBe(2);
  expect(retry.target.start.line).toBe(6);
});

describe("what the daemon says is no longer true", () => {
  const WHY = "`rate` was assigned again";

  function dependent(): Annotated {
    const document = new Annotated("rate = 1\nrate + 1\n");
    document.result(0, 0, "one", { result: "1:1" });
    document.result(1, 1, "two", { result: "1:2" });
    document.store.doubt(KEY, new Map([["1:2", WHY]]));
    return document;
  }

  test("is stale until it is true again", () => {
    const document = dependent();
    expect(document.seen).toEqual(["0: one", "1: two stale"]);
    expect(document.store.staleCount).toBe(1);
    document.store.doubt(KEY, new Map([["1:2", null]]));
    expect(document.seen).toEqual(["0: one", "1: two"]);
  });

  test("no edit of its text and no undo makes it true", () => {
    const document = dependent();
    const undo = document.replace("rate + 1", "rate + 2");
    document.undo(undo);
    expect(document.seen).toEqual(["0: one", "1: two stale"]);
    document.store.doubt(KEY, new Map([["1:2", null]]));
    expect(document.seen).toEqual(["0: one", "1: two"]);
  });

  test("that it is true again does not make edited text what it was", () => {
    const document = dependent();
    const undo = document.replace("rate + 1", "rate + 2");
    document.store.doubt(KEY, new Map([["1:2", null]]));
    expect(document.seen).toEqual(["0: one", "1: two stale"]);
    document.undo(undo);
    expect(document.seen).toEqual(["0: one", "1: two"]);
  });

  test("a new result in its place is true", () => {
    const document = dependent();
    document.result(1, 1, "three", { result: "2:1" });
    expect(document.seen).toEqual(["0: one", "1: three"]);
    document.store.doubt(KEY, new Map([["1:2", WHY]]));
    expect(document.seen).toEqual(["0: one", "1: three"]);
  });

  test("the end of the process is what counts after it", () => {
    const document = dependent();
    document.store.expire();
    expect(document.store.staleCount).toBe(0);
    expect(document.store.all(KEY).map(({ doubt }) => doubt)).toEqual([null, null]);
  });
});
