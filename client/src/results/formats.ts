// The forms a value can be shown in: which of them it has, and which is the best. No vscode.

/** `table`, `tree` and `text` are ours; all others are the mime types objects offer. */
export type Format = string;

export const TABLE: Format = "table";
export const TREE: Format = "tree";
export const TEXT: Format = "text";

/** Best first. What is not here is not shown by itself, but can be saved. */
const KNOWN: readonly { readonly matches: RegExp; readonly label: string }[] = [
  { matches: /^table$/, label: "Table" },
  { matches: /^application\/vnd\.vegalite\.v\d+(\.\d+)*\+json$/, label: "Chart" },
  { matches: /^image\/svg\+xml$/, label: "SVG" },
  { matches: /^image\/png$/, label: "PNG" },
  { matches: /^image\/(jpeg|gif|webp)$/, label: "Picture" },
  { matches: /^text\/html$/, label: "HTML" },
  { matches: /^text\/markdown$/, label: "Markdown" },
  { matches: /^text\/latex$/, label: "LaTeX" },
  { matches: /^application\/json$/, label: "JSON" },
  { matches: /^tree$/, label: "Tree" },
  { matches: /^text$/, label: "Text" },
];

/** Those of the offered forms that can be shown, best first, each once. */
export function formatsOf(offered: readonly Format[]): Format[] {
  const known = [...new Set(offered)].filter((format) => rank(format) < KNOWN.length);
  return known.sort((one, other) => rank(one) - rank(other));
}

export function labelOf(format: Format): string {
  return KNOWN[rank(format)]?.label ?? format;
}

export function isPicture(format: Format): boolean {
  return /^image\/(png|jpeg|gif|webp|svg\+xml)$/.test(format);
}

/** A chart that the panel draws from its specification. */
export function isChart(format: Format): boolean {
  return labelOf(format) === "Chart";
}

function rank(format: Format): number {
  const index = KNOWN.findIndex(({ matches }) => matches.test(format));
  return index < 0 ? KNOWN.length : index;
}
