// Tables of any length: which rows are in sight, which are asked for, and in which order they come.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Pages, type Row } from "../../webview/table/pages";
import { Scale } from "../../webview/table/scale";
import { ariaSort, nextSort } from "../../webview/table/sort";

const ROW = 22;

describe("the place of rows on the scroll bar", () => {
  test("is exact for a table that can be laid out", () => {
    const scale = new Scale(1000, ROW);
    expect(scale).toMatchObject({ isExact: true, height: 22_000 });
    expect(scale.rowAt(220, 440)).toBe(10);
    expect(scale.scrollTopOf(10, 440)).toBeCloseTo(220);
  });

  test("reaches the first and the last row of ten million", () => {
    const scale = new Scale(10_000_000, ROW);
    expect(scale.isExact).toBe(false);
    expect(scale.height).toBeLessThan(10_000_000);
    expect(scale.rowAt(0, 440)).toBe(0);
    expect(scale.rowAt(scale.height, 440)).toBe(10_000_000 - 20);
  });

  test("is found again, at any height, for any table", () => {
    const sizes = [fc.nat(20_000_000), fc.integer({ min: ROW, max: 3000 }), fc.nat()] as const;
    fc.assert(
      fc.property(...sizes, (total, view, wanted) => {
        const scale = new Scale(total, ROW);
        const row = scale.clamp(wanted, view);
        expect(row + Math.floor(view / ROW)).toBeLessThanOrEqual(
          Math.max(total, Math.floor(view / ROW)),
        );
        expect(scale.rowAt(scale.scrollTopOf(row, view), view)).toBe(row);
      }),
    );
  });
});

describe("pages", () => {
  function fetching(): { pages: Pages; asked: number[] } {
    const asked: number[] = [];
    const pages = new Pages(async (start, count) => {
      asked.push(start);
      return Array.from(
        { length: count },
        (_, at): Row => ({ index: [], cells: [`${start + at}`] }),
      );
    }, 100);
    return { pages, asked };
  }

  test("that are in sight are asked for once", async () => {
    const { pages, asked } = fetching();
    expect(pages.at(250)).toBeUndefined();
    await pages.need(250, 310);
    await pages.need(260, 320);
    expect(asked).toEqual([200, 300]);
    expect(pages.at(250)?.cells).toEqual(["250"]);
    expect(pages.has(200, 399)).toBe(true);
    expect(pages.has(200, 400)).toBe(false);
  });

  test("that were looked at last are kept", async () => {
    const { pages, asked } = fetching();
    for (let page = 0; page < 200; page += 1) {
      await pages.need(page * 100, page * 100 + 50);
      await pages.need(0, 50);
    }
    expect(asked).toHaveLength(200);
    expect(pages.has(100, 199)).toBe(false);
    expect(pages.has(19_900, 19_999)).toBe(true);
  });

  test("that could not be had are asked for again", async () => {
    let fails = true;
    const pages = new Pages(async () => {
      if (fails) {
        throw new Error("gone");
      }
      return [{ index: [], cells: ["a"] }];
    }, 100);
    await expect(pages.need(0, 1)).rejects.toThrow("gone");
    fails = false;
    await pages.need(0, 0);
    expect(pages.at(0)?.cells).toEqual(["a"]);
  });
});

test("a column's head sorts upwards, downwards, and not at all", () => {
  const up = nextSort(null, 3);
  const down = nextSort(up, 3);
  expect([up, down, nextSort(down, 3)]).toEqual([
    { column: 3, descending: false },
    { column: 3, descending: true },
    null,
  ]);
  expect(nextSort(down, 4)).toEqual({ column: 4, descending: false });
  expect([ariaSort(up, 3), ariaSort(down, 3), ariaSort(up, 4)]).toEqual([
    "ascending",
    "descending",
    undefined,
  ]);
});
