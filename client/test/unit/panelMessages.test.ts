// What the panel says is read as strictly as if it came from somebody else.
import { describe, expect, test } from "vitest";
import { fromPanel } from "../../src/results/messages";
import { page, rules } from "../../src/results/page";

const ask = (question: unknown): unknown => ({ kind: "ask", ask: 1, id: 2, question });

describe("a message of the panel", () => {
  test.each([
    [{ kind: "ready" }],
    [{ kind: "choose", id: 1, format: "text" }],
    [ask({ about: "content", format: "text/html" })],
    [ask({ about: "rows", start: 9_999_900, count: 100, firstColumn: 0, sort: null })],
    [
      ask({
        about: "rows",
        start: 0,
        count: 1,
        firstColumn: 0,
        sort: { column: -1, descending: true },
      }),
    ],
    [ask({ about: "children", path: [0, 4], start: 0, count: 100 })],
  ])("is taken: %j", (message) => {
    expect(fromPanel(message)).toEqual(message);
  });

  test.each([
    [null],
    ["ready"],
    [{ kind: "execute", command: "rm" }],
    [{ kind: "choose", id: "1", format: "text" }],
    [{ kind: "choose", id: 1 }],
    [{ kind: "ask", ask: 1, id: 2 }],
    [{ ...Object(ask({ about: "content", format: "text" })), id: -1 }],
    [ask({ about: "content", format: 1 })],
    [ask({ about: "rows", start: 0, count: 1_000_000_000, firstColumn: 0, sort: null })],
    [ask({ about: "rows", start: -1, count: 1, firstColumn: 0, sort: null })],
    [ask({ about: "rows", start: 0.5, count: 1, firstColumn: 0, sort: null })],
    [ask({ about: "children", path: ["__class__"], start: 0, count: 1 })],
    [ask({ about: "everything" })],
  ])("is dropped: %j", (message) => {
    expect(fromPanel(message)).toBeUndefined();
  });
});

test("the page runs its own script alone, and loads nothing from elsewhere", () => {
  const parts = { source: "https://panel.example", nonce: "n0nce", script: "p.js", style: "p.css" };
  const said = new Map(
    rules(parts)
      .split("; ")
      .map((rule) => [rule.split(" ")[0], rule]),
  );
  expect(said.get("default-src")).toBe("default-src 'none'");
  expect(said.get("script-src")).toBe("script-src 'nonce-n0nce'");
  expect(said.get("img-src")).toBe("img-src data: blob:");
  expect(said.get("form-action")).toBe("form-action 'none'");
  expect([...said.keys()].filter((name) => /connect|frame|object|worker/.test(name ?? ""))).toEqual(
    [],
  );
  expect(page(parts)).toContain(`content="${rules(parts)}"`);
});
