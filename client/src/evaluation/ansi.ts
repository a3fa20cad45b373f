// What programs tell a terminal to do, taken out where there is none.

/** Colours, movements of the cursor, titles; the last may have only begun. */
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]P_^X][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_]|\[?[0-?]*[ -/]*$)/g;

export function withoutEscapes(text: string): string {
  return text.replace(ESCAPES, "");
}
