// The marks in the gutter at definitions that the process runs otherwise than they stand.

import {
  ColorThemeKind,
  DecorationRangeBehavior,
  Disposable,
  OverviewRulerLane,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  Uri,
  window,
  workspace,
} from "vscode";
import type { DefinitionState } from "../protocol.gen";
import type { Definitions } from "./definitions";
import { type Colors, markOf, type ThemeName } from "./gutterMarks";
import { needsAttention } from "./known";
import { LOOKS, type StateName } from "./words";

type Types = Readonly<Record<StateName, TextEditorDecorationType>>;

const STATES: readonly StateName[] = [
  "edited",
  "failed",
  "old body running",
  "in sync",
  "not loaded",
];
const THEMES: Readonly<Record<ColorThemeKind, ThemeName>> = {
  [ColorThemeKind.Light]: "light",
  [ColorThemeKind.Dark]: "dark",
  [ColorThemeKind.HighContrast]: "highContrast",
  [ColorThemeKind.HighContrastLight]: "highContrastLight",
};

export class Gutter implements Disposable {
  readonly #definitions: Definitions;
  readonly #colors: Colors;
  #types: Types;
  readonly #subscriptions: Disposable;

  constructor(definitions: Definitions, colors: Colors) {
    this.#definitions = definitions;
    this.#colors = colors;
    this.#types = this.#makeTypes();
    this.#subscriptions = Disposable.from(
      definitions.onDidChange((uris) => this.#drawThose((uri) => uris.includes(uri))),
      window.onDidChangeVisibleTextEditors(() => this.#drawThose(() => true)),
      window.onDidChangeActiveColorTheme(() => this.#makeAnew()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("relive.gutter")) {
          this.#drawThose(() => true);
        }
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
    disposeTypes(this.#types);
  }

  #drawThose(isMeant: (uri: string) => boolean): void {
    for (const editor of window.visibleTextEditors) {
      const uri = editor.document.uri.toString();
      if (isMeant(uri)) {
        this.#draw(editor, this.#definitions.known.of(uri).filter(isShown()));
      }
    }
  }

  #draw(editor: TextEditor, items: readonly DefinitionState[]): void {
    const lines = editor.document.lineCount;
    for (const state of STATES) {
      const those = items.filter((item) => item.state === state && item.header.line < lines);
      editor.setDecorations(
        this.#types[state],
        those.map(({ header: { line } }) => new Range(line, 0, line, 0)),
      );
    }
  }

  /** A picture in the gutter has fixed colours: those of the theme that is shown. */
  #makeAnew(): void {
    disposeTypes(this.#types);
    this.#types = this.#makeTypes();
    this.#drawThose(() => true);
  }

  #makeTypes(): Types {
    const theme = THEMES[window.activeColorTheme.kind];
    const make = (state: StateName) =>
      window.createTextEditorDecorationType({
        gutterIconPath: Uri.parse(markOf(state, this.#colors, theme)),
        gutterIconSize: "contain",
        rangeBehavior: DecorationRangeBehavior.ClosedClosed,
        ...(state === "in sync" || state === "not loaded"
          ? {}
          : {
              overviewRulerColor: new ThemeColor(LOOKS[state].color),
              overviewRulerLane: OverviewRulerLane.Left,
            }),
      });
    return {
      edited: make("edited"),
      failed: make("failed"),
      "old body running": make("old body running"),
      "in sync": make("in sync"),
      "not loaded": make("not loaded"),
    };
  }
}

function isShown(): (item: DefinitionState) => boolean {
  const chosen = workspace.getConfiguration("relive").get<"off" | "edited" | "all">("gutter");
  return (item) => chosen === "all" || (chosen !== "off" && needsAttention(item));
}

function disposeTypes(types: Types): void {
  for (const type of Object.values(types)) {
    type.dispose();
  }
}
