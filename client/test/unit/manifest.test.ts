// The manifest against the code: what it promises is there, and its keys are nobody else's.
import { describe, expect, test } from "vitest";
import { HOVER_COMMANDS } from "../../src/annotations/hoverText";
import { COMMAND_IDS } from "../../src/commands/ids";
import { contributes, manifest, read, steps } from "./manifest";
import { TAKEN_KEYS } from "./takenKeys";

const { commands, keybindings, menus, configuration, colors } = contributes;
const ids: readonly string[] = COMMAND_IDS;

describe("commands", () => {
  test("each one in the manifest is registered, and each registered one is in it", () => {
    expect(commands.map(({ command }) => command)).toEqual(ids);
    expect(new Set(commands.map(({ category }) => category))).toEqual(new Set(["Relive"]));
  });

  test("keys, menus, walkthrough and hovers name commands there are", () => {
    const named = [
      ...keybindings.map(({ command }) => command),
      ...Object.values(menus).flatMap((entries) => entries.map(({ command }) => command)),
      ...steps.flatMap((step) =>
        Array.from(step.description.matchAll(/command:([\w.]+)/g), ([, id]) => id),
      ),
      ...HOVER_COMMANDS,
    ];
    expect(named.filter((id) => id === undefined || !ids.includes(id))).toEqual([]);
  });
});

/** While a list or a question of ours is shown, the keys in it are ours. */
const IN_OUR_BOXES = /^relive\.\w+ && inQuickInput$/;
/** A row of a view of ours has the keys for itself. */
const IN_OUR_VIEWS = /^focusedView == relive\.\w+ && listFocus && !inputFocus$/;

describe("keys", () => {
  const onByDefault = keybindings.filter(
    ({ when }) => !(when.includes("useShiftEnter") || IN_OUR_VIEWS.test(when)),
  );

  test("none is one of VS Code's, Python's or Jupyter's in the same place", () => {
    const keys = onByDefault.flatMap(({ key, mac }) => [key, mac ?? key]);
    expect(keys.filter((key) => TAKEN_KEYS.has(key))).toEqual([]);
  });

  test("none is ctrl+alt and a letter: that is AltGr", () => {
    expect(
      onByDefault.filter(({ key }) => /ctrl\+(shift\+)?alt\+[a-z]\b(?!nter)/.test(key)),
    ).toEqual([]);
  });

  test("all are for Python text in trusted workspaces, and can be switched off", () => {
    const inText = keybindings.filter(
      ({ when }) => !(IN_OUR_BOXES.test(when) || IN_OUR_VIEWS.test(when)),
    );
    for (const { when } of inText) {
      for (const guard of [
        "editorTextFocus",
        "editorLangId == python",
        "isWorkspaceTrusted",
        "!notebookEditorFocused",
        "config.relive.keybindings.enabled",
      ]) {
        expect(when).toContain(guard);
      }
    }
  });

  test("shift+enter is bound only when asked for", () => {
    const bound = keybindings.filter(({ key }) => key === "shift+enter");
    expect(bound.map(({ when }) => when)).toEqual([
      expect.stringContaining("config.relive.keybindings.useShiftEnter && !jupyter.ownsSelection"),
    ]);
  });
});

describe("settings and colours", () => {
  const properties = configuration.properties;

  test("what says what is run, and where, is restricted in an untrusted workspace", () => {
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    const about = Object.keys(properties).filter((name) =>
      /^relive\.(session|daemon|evaluate|repr)\./.test(name),
    );
    expect(restricted.toSorted()).toEqual(about.toSorted());
    expect(properties["relive.session.pythonPath"]?.scope).toBe("machine-overridable");
    expect(properties["relive.daemon.path"]?.scope).toBe("machine");
  });

  test("every colour is given for every kind of theme, and every colour used is given", () => {
    for (const { defaults } of colors) {
      expect(Object.keys(defaults).toSorted()).toEqual([
        "dark",
        "highContrast",
        "highContrastLight",
        "light",
      ]);
    }
    const source = [
      "annotations/decorations.ts",
      "captured/inlineMarks.ts",
      "definitions/words.ts",
      "held/marks.ts",
    ]
      .map((path) => read(`client/src/${path}`))
      .join("\n");
    const used = new Set(
      Array.from(
        source.matchAll(/"(relive\.\w+(?:Foreground|Background|Border))"/g),
        ([, id]) => id,
      ),
    );
    expect(used).toEqual(new Set(colors.map(({ id }) => id)));
  });

  test("every setting the client reads is in the manifest", () => {
    const source = ["context.ts", "daemon.ts", "annotations/decorations.ts", "python/setting.ts"]
      .map((path) => read(`client/src/${path}`))
      .join("\n");
    const names = Array.from(
      source.matchAll(/"((?:results|session|daemon)\.\w+)"/g),
      ([, name]) => `relive.${name}`,
    );
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !(name in properties))).toEqual([]);
  });
});

test("the editor's types are of the oldest editor that is supported", () => {
  expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies["@types/vscode"]}`);
});
