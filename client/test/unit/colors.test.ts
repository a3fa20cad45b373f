// Our own colours over the backgrounds of the editor's default themes: they can be read, and no state is one alone.
import { describe, expect, test } from "vitest";
import { markOf, type ThemeName } from "../../src/definitions/gutterMarks";
import { LOOKS, type StateName } from "../../src/definitions/words";
import { contributes } from "./manifest";

/** The backgrounds of editors in Dark Modern, Light Modern and the two high contrast themes. */
const BACKGROUNDS: Record<ThemeName, string> = {
  dark: "#1f1f1f",
  light: "#ffffff",
  highContrast: "#000000",
  highContrastLight: "#ffffff",
};
/** By WCAG 2: level AA for text, and level AAA where somebody has asked for contrast. */
const LEAST: Record<ThemeName, number> = {
  dark: 4.5,
  light: 4.5,
  highContrast: 7,
  highContrastLight: 7,
};
const THEMES = Object.keys(LEAST) as ThemeName[];
const { colors } = contributes;
const isDrawn = (color: string | undefined) => color?.length === 7;

describe.each(THEMES)("in a theme that is %s", (theme) => {
  test.each(colors.filter(({ defaults }) => isDrawn(defaults[theme])))(
    "$id can be read",
    (color) => {
      const contrast = contrastOf(color.defaults[theme] ?? "", BACKGROUNDS[theme]);
      expect(contrast).toBeGreaterThanOrEqual(LEAST[theme]);
    },
  );
});

test("what is a background elsewhere is a border in high contrast, but for what flashes", () => {
  for (const theme of ["highContrast", "highContrastLight"]) {
    const shown = colors.filter(
      ({ id, defaults }) => id.endsWith("Background") && !defaults[theme]?.endsWith("00"),
    );
    expect(shown.map(({ id }) => id)).toEqual(["relive.flashBackground"]);
    const borders = colors.filter(({ id }) => id.endsWith("Border"));
    expect(borders.every(({ defaults }) => isDrawn(defaults[theme]))).toBe(true);
  }
});

test("each state of a definition has an icon and a shape of its own, whatever its colour", () => {
  const states = Object.keys(LOOKS) as StateName[];
  expect(new Set(states.map((state) => LOOKS[state].icon)).size).toBe(states.length);
  const shapes = states.map((state) => markOf(state, [], "dark")); // all in the same colour
  expect(new Set(shapes).size).toBe(states.length);
});

function contrastOf(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
