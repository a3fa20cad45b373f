// Text that user code made, turned into text that can only be read: never markup, a link or a layout.

/** Control, bidirectional and invisible characters: they could hide or reorder what stands around them. */
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Keeps line ends and tabs, spells out everything else that cannot be seen. */
export function visible(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(UNPRINTABLE, (found) =>
      found === "\n" || found === "\t" ? found : escapeCharacter(found),
    );
}

/** One line for the end of an editor line: leading blanks and line ends cannot change its place. */
export function oneLine(text: string, maxLength: number): string {
  const flat = visible(text.trim())
    .replace(/[ \t]*\n[ \t]*/g, "⏎")
    .replace(/\t/g, " ");
  return cut(flat, maxLength).replace(/ /g, "\u00a0");
}

/** At most `maxLength` UTF-16 units, never half a character, the cut shown. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) {
    return text;
  }
  const end = maxLength - 1;
  const splitsPair = /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return `${text.slice(0, splitsPair ? end - 1 : end)}…`;
}

/** A Markdown code block that its content cannot end. */
export function fence(text: string, language: string): string {
  const mark = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `\n${mark}${language}\n${visible(text)}\n${mark}\n`;
}

/** A Markdown code span that its content cannot end. */
export function codeSpan(text: string): string {
  const mark = "`".repeat(longestRun(text) + 1);
  return `${mark} ${visible(text).replace(/\s+/g, " ")} ${mark}`;
}

function longestRun(text: string): number {
  return text.match(/`+/g)?.reduce((longest, run) => Math.max(longest, run.length), 0) ?? 0;
}

/** For messages and prompts, where VS Code turns `[text](target)` into a link, even to a command. */
export function withoutLinks(text: string): string {
  return visible(text).replace(/\]\(/g, "]\u2060(");
}

/** For a row of a list: one line, and nothing in it that the list would draw an icon for. */
export function inList(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  return cut(visible(text).replace(/\s+/g, " ").trim(), maxLength).replaceAll("$(", "$\u2060(");
}
