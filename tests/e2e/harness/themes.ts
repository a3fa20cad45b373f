// The editor's own themes, one of each kind: colours of a theme that do not fit are seen by nobody else.

export const THEMES = [
  "Default Light Modern",
  "Default Dark Modern",
  "Default High Contrast",
  "Default High Contrast Light",
] as const;
export type Theme = (typeof THEMES)[number];

/** The class of the editor's window while the theme is used. */
export const SHOWN: Readonly<Record<Theme, RegExp>> = {
  "Default Light Modern": /(^| )vs( |$)/,
  "Default Dark Modern": /vs-dark/,
  "Default High Contrast": /hc-black/,
  "Default High Contrast Light": /hc-light/,
};
