// The pictures of the gutter's marks, in the colours that the manifest gives for each kind of theme.

import { LOOKS, type StateName } from "./words";

export type ThemeName = "light" | "dark" | "highContrast" | "highContrastLight";
export type Colors = readonly {
  readonly id: string;
  readonly defaults: Readonly<Record<ThemeName, string>>;
}[];

/** In a square of 16; what is drawn with lines has a stroke. */
const SHAPES: Readonly<Record<StateName, (color: string) => string>> = {
  edited: (color) => `<path d="M8 4 12 8 8 12 4 8Z" fill="${color}"/>`,
  failed: (color) => line("M5 5 11 11M11 5 5 11", color),
  "old body running": (color) =>
    `${line("M8 4.2A3.8 3.8 0 1 0 8 11.8 3.8 3.8 0 1 0 8 4.2Z", color)}${line("M8 6V8.2L9.4 9.2", color)}`,
  "in sync": (color) => `<circle cx="8" cy="8" r="2" fill="${color}"/>`,
  "not loaded": (color) => line("M8 5.8A2.2 2.2 0 1 0 8 10.2 2.2 2.2 0 1 0 8 5.8Z", color),
};

/** The mark of a state as the address of a picture. */
export function markOf(state: StateName, colors: Colors, theme: ThemeName): string {
  const color = colors.find(({ id }) => id === LOOKS[state].color)?.defaults[theme];
  const shape = SHAPES[state](color ?? "gray");
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${shape}</svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(picture).toString("base64")}`;
}

function line(path: string, color: string): string {
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="1.5" stroke-linecap="round"/>`;
}
