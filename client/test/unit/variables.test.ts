// The names that are listed: a page at a time, and in words.
import { describe, expect, test } from "vitest";
import type { ListedVariable, Variables, VariablesParams } from "../../src/protocol.gen";
import { Listings } from "../../src/variables/listings";
import { asValue, details, moreOf, spoken, summary } from "../../src/variables/words";

function variable(name: string, more: Partial<ListedVariable> = {}): ListedVariable {
  const value = { text: "[1, 2]", type: "list", ref: `1:0/${name}`, children: true };
  return { name, ...value, setBy: null, kind: "value", size: "2 items", ...more };
}

const start = { line: 4, character: 0 };
const setBy = { uri: "file:///w/a.py", range: { start, end: start } };

describe("words", () => {
  test("a value is told with its size, or else its type", () => {
    expect(summary(variable("x"))).toBe("[1, 2] · 2 items");
    const point = { text: "P(a=1)", type: "pkg.mod.P", children: true, setBy };
    const { size: _, ...bare } = variable("p", point);
    expect(summary(bare)).toBe("P(a=1) · P");
    expect(details(bare)).toBe("p = P(a=1)\npkg.mod.P\nSet on line 5");
    expect(spoken(bare)).toBe("p, P, P(a=1), has parts");
  });

  test("a function is told by how it is called", () => {
    const f = variable("f", {
      text: "f(a, b=1)",
      type: "function",
      kind: "function",
      children: false,
    });
    expect(summary(f)).toBe("f(a, b=1)");
    expect(spoken({ ...f, size: "" })).toContain("f, function");
  });

  test("how many are left", () => {
    expect(moreOf(100, 100_000)).toBe("Show More (99,900 Left)");
  });

  test("the panel asks for the forms by itself", () => {
    const shown = asValue(variable("d", { hasTable: true, length: 2 }));
    expect(shown).toMatchObject({ ref: "1:0/d", mimes: ["*"], hasTable: true, length: 2 });
  });
});

describe("listings", () => {
  function made(total: number): { listings: Listings; asked: VariablesParams[] } {
    const asked: VariablesParams[] = [];
    const ask = (params: VariablesParams): Promise<Variables> => {
      asked.push(params);
      const count = Math.max(Math.min(params.count, total - params.start), 0);
      const items = Array.from({ length: count }, (_, n) => variable(`n${params.start + n}`));
      return Promise.resolve({ items, total });
    };
    return { listings: new Listings(ask), asked };
  }

  test("the first page comes, and one more each time that is asked for", async () => {
    const { listings } = made(250);
    const counts = async (): Promise<number> => (await listings.of("m", {}, true)).items.length;
    expect(await counts()).toBe(100);
    listings.more("m");
    expect(await counts()).toBe(200);
    listings.more("m");
    expect(await counts()).toBe(250);
    expect((await listings.of("other", {}, true)).items.length).toBe(100);
  });

  test("no more is asked for at once than is answered", async () => {
    const { listings, asked } = made(5000);
    for (let n = 0; n < 14; n += 1) {
      listings.more("m");
    }
    const { items } = await listings.of("m", {}, false);
    expect(items.length).toBe(1500);
    expect(asked.map(({ start, count }) => [start, count])).toEqual([
      [0, 1000],
      [1000, 500],
    ]);
  });

  test("names are filtered, parts are not", async () => {
    const { listings, asked } = made(1);
    listings.filter = "x";
    await listings.of("m", { parent: "1:0" }, true);
    await listings.of("p", { parent: "1:1" }, false);
    expect(asked.map(({ filter }) => filter)).toEqual(["x", undefined]);
  });

  test("of what is gone there is nothing", async () => {
    const listings = new Listings(() => Promise.resolve({ gone: "why" }));
    expect(await listings.of("m", {}, true)).toEqual({ items: [], total: 0 });
  });
});
