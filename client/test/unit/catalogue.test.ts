// What the manifest says of commands and settings: that it can be found, read, and is true in each state of the window.
import { describe, expect, test } from "vitest";
import { COMMAND_IDS } from "../../src/commands/ids";
import { contributes, read, textsOf } from "./manifest";

const { commands, configuration, keybindings, menus, views, viewsWelcome } = contributes;
const settings = Object.entries(configuration.properties);
const sources = textsOf("client/src/", ".ts").join("\n");

describe("commands", () => {
  test("titles are in title case, and no two are the same", () => {
    const titles = commands.map(({ title }) => title);
    expect(titles.filter((title) => !isTitle(title))).toEqual([]);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test("each one has its place in the tables of docs/commands.md, and nothing else has", () => {
    const named = tableRows(read("docs/commands.md")).flatMap(([first = ""]) => first.split(", "));
    expect(named.toSorted()).toEqual(commands.map(({ title }) => title).toSorted());
  });

  test("in a workspace that is not trusted only those are offered that start nothing", () => {
    const offered = commands.filter(
      ({ enablement = "" }) => !enablement.split(" && ").includes("isWorkspaceTrusted"),
    );
    expect(offered.map(({ command }) => command).toSorted()).toEqual(CALM);
  });

  test("those that need something else than the window are not in the palette", () => {
    const hidden = menus.commandPalette?.filter(({ when }) => when === "false") ?? [];
    const listed = hidden.map(({ command }) => command);
    expect(listed.filter((command) => !COMMAND_IDS.includes(command as never))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });
});

/** What is there can be seen, copied and put away; the actions tell why nothing else can be done. */
const CALM = [
  "relive.actions",
  "relive.clearAll",
  "relive.clearResult",
  "relive.copyResult",
  "relive.openPanel",
  "relive.openSample",
  "relive.panelBack",
  "relive.panelCopy",
  "relive.panelForward",
  "relive.panelPin",
  "relive.panelUnpin",
  "relive.showOutput",
];

describe("conditions", () => {
  const conditions = [
    ...commands.map(({ enablement }) => enablement),
    ...keybindings.map(({ when }) => when),
    ...Object.values(menus).flatMap((entries) => entries.map(({ when }) => when)),
    ...Object.values(views).flatMap((each) => each.map(({ when }) => when)),
    ...viewsWelcome.map(({ when }) => when),
  ].filter((condition) => condition !== undefined);

  test("what they ask of ours is set somewhere", () => {
    const keys = conditions.flatMap((condition) =>
      Array.from(condition.matchAll(/(?<![\w.]|== )relive(?:\.\w+)+/g), ([key]) => key),
    );
    expect(keys).toContain("relive.held");
    expect([...new Set(keys)].filter((key) => !isSet(key))).toEqual([]);
  });

  test("settings they ask for are there", () => {
    const asked = conditions.flatMap((condition) =>
      Array.from(condition.matchAll(/\bconfig\.(relive\.[\w.]+)/g), ([, name]) => name ?? ""),
    );
    expect(asked.filter((name) => !(name in configuration.properties))).toEqual([]);
  });
});

describe("views", () => {
  const lists = Object.values(views)
    .flat()
    .filter(({ type, when }) => type !== "webview" && when !== "relive.held");

  test.each(lists)("$id says what to do when it is empty, and why it is", ({ id }) => {
    const told = viewsWelcome.filter(({ view }) => view === id);
    const untrusted = told.filter(({ when }) => when === "!isWorkspaceTrusted");
    expect(untrusted.map(({ contents }) => contents)).toEqual([
      expect.stringContaining("command:workbench.trust.manage"),
    ]);
    const others = told.filter(({ when }) => when.startsWith("isWorkspaceTrusted"));
    expect(others.length + untrusted.length).toBe(told.length);
    expect(others.some(({ contents }) => contents.includes("Alt+Enter"))).toBe(true);
  });

  test("the commands they name are there", () => {
    const named = viewsWelcome.flatMap(({ contents }) =>
      Array.from(contents.matchAll(/command:(relive\.\w+)/g), ([, id]) => id ?? ""),
    );
    expect(named.filter((id) => !COMMAND_IDS.includes(id as never))).toEqual([]);
  });
});

describe("settings", () => {
  test.each(settings)(
    "%s says what it is, where it counts, and what its values mean",
    (_, setting) => {
      expect(setting.markdownDescription?.length).toBeGreaterThan(20);
      expect(setting.markdownDescription).toMatch(/[.]$/);
      expect(setting.description).toBeUndefined();
      expect(setting).toHaveProperty("default");
      expect(["window", "resource", "machine", "machine-overridable"]).toContain(setting.scope);
      expect(setting.enumDescriptions?.length).toBe(setting.enum?.length);
      for (const each of setting.enumDescriptions ?? []) {
        expect(each).toMatch(/[.]$/);
      }
    },
  );

  test("they stand in an order of their own", () => {
    const orders = settings.map(([, { order }]) => order);
    expect(orders).not.toContain(undefined);
    expect(new Set(orders).size).toBe(orders.length);
  });
});

const SMALL = /^(a|an|and|as|at|by|for|from|here|in|is|it|its|of|on|or|the|to|what|with|would|be)$/;

function isTitle(title: string): boolean {
  const words = title.replaceAll(/[…:]/g, "").split(" ");
  const last = words.length - 1;
  return words.every(
    (word, at) => /^\p{Lu}/u.test(word) || (0 < at && at < last && SMALL.test(word)),
  );
}

/** The rows of a document's tables without their heads, by their cells. */
function tableRows(text: string): string[][] {
  const lines = text.split("\n").filter((line) => line.startsWith("| "));
  const rows = lines.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows.filter((row, at) => !isRule(row) && !isRule(rows[at + 1]));
}

function isRule(row: readonly string[] | undefined): boolean {
  return row?.every((cell) => /^-+$/.test(cell)) ?? false;
}

function isSet(key: string): boolean {
  const inPanel = key.startsWith("relive.panel.");
  return sources.includes(inPanel ? `setContext("${key.slice(13)}"` : `"${key}"`);
}
