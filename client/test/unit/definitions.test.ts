// What is known of definitions as a tree, what of it needs attention, and how it is said and drawn.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Colors, markOf, type ThemeName } from "../../src/definitions/gutterMarks";
import {
  type Branch,
  branches,
  KnownDefinitions,
  onlyAttention,
} from "../../src/definitions/known";
import { details, LOOKS, type StateName, summary } from "../../src/definitions/words";
import type { DefinitionState } from "../../src/protocol.gen";

const FILE = "file:///a.py";

function definition(
  name: string,
  state: StateName,
  more: Partial<DefinitionState> = {},
): DefinitionState {
  const header = { line: 0, character: 0 };
  const range = { start: header, end: header };
  return { uri: FILE, name, kind: "function", range, header, state, ...more };
}

const ITEMS = [
  definition("C", "in sync"),
  definition("C.a", "in sync"),
  definition("C.Inner", "in sync"),
  definition("C.Inner.m", "failed"),
  definition("C.b", "not loaded"),
  definition("Cat", "in sync"),
  definition("f", "edited"),
  definition("g", "old body running"),
];

const outline = (tree: readonly Branch[]): string =>
  tree.map(({ item, inside }) => `${item.name}(${outline(inside)})`).join(" ");

describe("a file's definitions", () => {
  test("stand in the classes they are in", () => {
    expect(outline(branches(ITEMS))).toBe("C(C.a() C.Inner(C.Inner.m()) C.b()) Cat() f() g()");
  });

  test("are filtered to what needs attention, with what is around it", () => {
    expect(outline(onlyAttention(branches(ITEMS)))).toBe("C(C.Inner(C.Inner.m())) f() g()");
  });

  test("count as edited when calls run another text", () => {
    const known = new KnownDefinitions();
    known.put(FILE, ITEMS);
    known.put("file:///b.py", [definition("h", "edited")]);
    expect(known.edited.map(({ name }) => name)).toEqual(["C.Inner.m", "f", "h"]);
    known.put(FILE, []);
    expect(known.uris).toEqual(["file:///b.py"]);
  });
});

describe("in words", () => {
  test.each([
    [definition("f", "edited"), "edited"],
    [definition("C", "in sync", { oldInstances: 1 }), "in sync · 1 object made before"],
    [
      definition("C", "in sync", { oldInstances: 1200, holders: 2 }),
      "in sync · 1,200 objects made before · 2 places with a replaced object",
    ],
  ])("%#", (item, said) => {
    expect(summary(item)).toBe(said);
  });

  test("a reason and who runs an old body are told", () => {
    const failed = definition("f", "failed", { reason: "NameError: name 'x' is not defined" });
    expect(details(failed)).toContain("NameError: name 'x' is not defined");
    const running = definition("g", "old body running", {
      running: ["thread 'ticker', at line 3"],
    });
    expect(details(running)).toContain("Old body: thread 'ticker', at line 3");
  });
});

describe("in the gutter", () => {
  const manifest = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  const colors = (JSON.parse(manifest) as { contributes: { colors: Colors } }).contributes.colors;
  const themes: readonly ThemeName[] = ["light", "dark", "highContrast", "highContrastLight"];
  const states = Object.keys(LOOKS) as StateName[];

  test("each state has a picture of its own in each theme, in the theme's colour", () => {
    const pictures = themes.flatMap((theme) =>
      states.map((state) => {
        const address = markOf(state, colors, theme).replace("data:image/svg+xml;base64,", "");
        const picture = Buffer.from(address, "base64").toString();
        const color = colors.find(({ id }) => id === LOOKS[state].color)?.defaults[theme];
        expect(picture).toContain(`"${color}"`);
        return picture.replaceAll(String(color), "");
      }),
    );
    expect(new Set(pictures).size).toBe(states.length);
  });
});
