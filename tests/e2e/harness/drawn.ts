// Reading an editor off the page: its lines as drawn, and the decorations at their ends.

/** A line on the screen. `after`: the texts that decorations draw behind its spans, in order. */
export interface DrawnLine {
  number: number;
  /** Its place on the screen, by which lines and what is drawn below them are paired. */
  top: string;
  text: string;
  after: { text: string; color: string; italic: boolean }[];
}

/** Runs in the page, so it uses nothing from outside. The editor draws numbers and lines apart; their height pairs them. */
export function drawnLines(within: string): DrawnLine[] {
  const plain = (text: string) => text.replaceAll("\u00a0", " ").replaceAll("\u200b", "");
  const editor = document.querySelector(`${within} .monaco-editor`);
  if (!editor) return [];
  const numbers = new Map<string, number>();
  for (const row of editor.querySelectorAll<HTMLElement>(".margin-view-overlays > div")) {
    const number = Number(row.querySelector(".line-numbers")?.textContent);
    if (number > 0) numbers.set(row.style.top, number);
  }
  const lines: DrawnLine[] = [];
  for (const row of editor.querySelectorAll<HTMLElement>(".view-lines > .view-line")) {
    const number = numbers.get(row.style.top);
    if (number === undefined) continue;
    const after: DrawnLine["after"] = [];
    for (const span of row.querySelectorAll("span span")) {
      const style = getComputedStyle(span, "::after");
      if (style.content === "none" || style.content === "normal" || style.content === '""')
        continue;
      const text = plain(JSON.parse(style.content.replaceAll("\n", "\\n")));
      after.push({ text, color: style.color, italic: style.fontStyle === "italic" });
    }
    lines.push({ number, top: row.style.top, text: plain(row.textContent ?? ""), after });
  }
  return lines.sort((one, other) => one.number - other.number);
}

/** The lines that are marked whole, by the border that begins them, as "2px solid"; runs in the page too. */
export function markedTops({ within, border }: { within: string; border: string }): string[] {
  const rows = document.querySelectorAll<HTMLElement>(`${within} .view-overlays > div`);
  return [...rows]
    .filter((row) =>
      [...row.querySelectorAll<HTMLElement>("[class*='TextEditorDecorationType']")].some((mark) =>
        getComputedStyle(mark).borderLeft.startsWith(border),
      ),
    )
    .map((row) => row.style.top);
}

/** The lines with a mark in the gutter. */
export function gutterTops(within: string): string[] {
  const marks = document.querySelectorAll<HTMLElement>(
    `${within} .glyph-margin-widgets [class*='TextEditorDecorationType']`,
  );
  return [...marks]
    .filter((mark) => getComputedStyle(mark).backgroundImage.startsWith("url"))
    .map((mark) => mark.style.top);
}

/** The lines with the wavy line of an error below a part of them. */
export function squiggledTops(within: string): string[] {
  const marks = document.querySelectorAll<HTMLElement>(`${within} .squiggly-error`);
  return [...new Set([...marks].map((mark) => mark.parentElement?.style.top ?? ""))];
}

export function annotationOf(line: DrawnLine): string {
  return line.after
    .map(({ text }) => text)
    .join("")
    .trim();
}
