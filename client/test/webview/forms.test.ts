// Formulas in a text, trees of JSON, tables as CSV.
import { expect, test } from "vitest";
import type { ValueTable } from "../../src/protocol.gen";
import { csv } from "../../src/results/csv";
import { formulas } from "../../webview/formulas";
import { at, branches } from "../../webview/tree/json";

test.each([
  ["x^2", [{ tex: "x^2", display: true }]],
  ["$x^2$", [{ tex: "x^2", display: false }]],
  ["$\\displaystyle \\frac{1}{2}$", [{ tex: " \\frac{1}{2}", display: true }]],
  ["a $x$ b", [{ text: "a " }, { tex: "x", display: false }, { text: " b" }]],
  ["$$x$$", [{ tex: "x", display: true }]],
  [
    "\\[x\\] and \\(y\\)",
    [{ tex: "x", display: true }, { text: " and " }, { tex: "y", display: false }],
  ],
  ["costs \\$5 or $x$", [{ text: "costs \\$5 or " }, { tex: "x", display: false }]],
  ["\\begin{align}a&=b\\end{align}", [{ tex: "\\begin{align}a&=b\\end{align}", display: true }]],
])("the formulas of %j", (text, parts) => {
  expect(formulas(text)).toEqual(parts);
});

test("JSON is opened page by page", () => {
  const json = { list: Array.from({ length: 250 }, (_, n) => ({ n })), empty: [], text: "a" };
  expect(branches(json, 0)).toMatchObject({
    total: 3,
    items: [
      { name: "list", text: "[250 items]", hasChildren: true },
      { name: "empty", text: "[]", hasChildren: false },
      { name: "text", text: '"a"', tone: "string", hasChildren: false },
    ],
  });
  const { items, total } = branches(at(json, [0]), 200);
  expect(total).toBe(250);
  expect(items).toHaveLength(50);
  expect(branches(at(json, [0, 249]), 0).items[0]).toMatchObject({ name: "n", text: "249" });
});

function table(
  total: number,
  totalColumns: number,
): (part: Parameters<Parameters<typeof csv>[0]>[0]) => Promise<ValueTable> {
  const upTo = (start: number, count: number, end: number): number[] =>
    Array.from({ length: Math.max(0, Math.min(count, end - start)) }, (_, n) => start + n);
  return async ({ start, count, firstColumn, columnCount }) => {
    const columns = upTo(firstColumn, columnCount, totalColumns);
    const rows = upTo(start, count, total);
    return {
      columns: columns.map((n) => ({ name: `c${n}`, dtype: "int64", numeric: true })),
      totalColumns,
      indexNames: [""],
      index: rows.map((row) => [`${row}`]),
      rows: rows.map((row) =>
        columns.map((column) => (column === 1 ? `"a", ${row}` : `${row}.${column}`)),
      ),
      total,
    };
  };
}

test("a table is saved with all of its rows and columns", async () => {
  const lines = (await csv(table(1700, 1100))).trimEnd().split("\r\n");
  expect(lines).toHaveLength(1701);
  expect(lines[0]?.startsWith(",c0,c1,")).toBe(true);
  expect(lines[0]?.endsWith(",c1099")).toBe(true);
  expect(lines[1700]).toMatch(/^1699,1699\.0,"""a"", 1699",.*,1699\.1099$/);
});

test("an empty table has its head, and one that is too long says what to do", async () => {
  expect(await csv(table(0, 2))).toBe(",c0,c1\r\n");
  await expect(csv(table(10_000_000, 3))).rejects.toThrow("to_csv");
});
