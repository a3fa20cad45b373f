// Where a piece of text is after the document was edited. Pure geometry: no text, no editor.

export interface Place {
  readonly line: number;
  readonly character: number;
}

/** A piece of a document, as the text that was there when it was marked. Empty: that text is gone. */
export interface Region {
  readonly start: Place;
  readonly end: Place;
}

/** `range`, in the document before it, was replaced by `text`. */
export interface Edit {
  readonly range: Region;
  readonly text: string;
}

export function compare(a: Place, b: Place): number {
  return a.line - b.line || a.character - b.character;
}

export function isEmpty(region: Region): boolean {
  return compare(region.start, region.end) === 0;
}

/** Whether any line holds a part of both. */
export function sharesLine(a: Region, b: Region): boolean {
  return a.start.line <= b.end.line && b.start.line <= a.end.line;
}

export function splitLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

/** Where the edit's new text stands in the document after it. */
export function written(edit: Edit): Region {
  const lines = splitLines(edit.text);
  const last = lines.at(-1) ?? "";
  const { start } = edit.range;
  const end =
    lines.length === 1
      ? { line: start.line, character: start.character + last.length }
      : { line: start.line + lines.length - 1, character: last.length };
  return { start, end };
}

/** Where a place that no edit touched is, when it stands at or behind the replaced text. */
function behind(place: Place, edit: Edit): Place {
  const { end } = edit.range;
  const newEnd = written(edit).end;
  const line = place.line + newEnd.line - end.line;
  return place.line === end.line
    ? { line, character: place.character + newEnd.character - end.character }
    : { line, character: place.character };
}

export function movePlace(place: Place, edit: Edit): Place {
  if (compare(place, edit.range.start) < 0) {
    return place;
  }
  return compare(place, edit.range.end) >= 0 ? behind(place, edit) : edit.range.start;
}

/**
 * The region after the edit. Text typed at its edges belongs to it as far as it stands on the same
 * line: `x = 1` that became `x = 10` was edited, and a new line before or after it is no edit of it.
 */
export function moveRegion(region: Region, edit: Edit): Region {
  if (covers(edit.range, region)) {
    return replaced(edit, region);
  }
  const start = moveStart(region.start, edit);
  const end = moveEnd(region.end, edit);
  return { start, end: compare(end, start) < 0 ? start : end };
}

function covers(outer: Region, inner: Region): boolean {
  return compare(outer.start, inner.start) <= 0 && compare(outer.end, inner.end) >= 0;
}

/** A region whose whole text was replaced: gone, unless line for line there is other text in its place. */
function replaced(edit: Edit, region: Region): Region {
  const { start, end } = edit.range;
  const lines = splitLines(edit.text);
  const lineForLine = lines.length === end.line - start.line + 1;
  if (isEmpty(region) || !lineForLine || edit.text === "") {
    return { start, end: start };
  }
  const place = (line: number, column: number): Place =>
    line === start.line
      ? { line, character: start.character + column }
      : { line, character: column };
  const last = lines[region.end.line - start.line] ?? "";
  return { start: place(region.start.line, 0), end: place(region.end.line, last.length) };
}

function moveStart(start: Place, edit: Edit): Place {
  const { range } = edit;
  if (compare(start, range.start) < 0) {
    return start;
  }
  const replaced = compare(range.start, range.end) < 0;
  if (replaced && compare(start, range.start) === 0) {
    return start;
  }
  return compare(start, range.end) >= 0 ? behind(start, edit) : written(edit).end;
}

function moveEnd(end: Place, edit: Edit): Place {
  const { range } = edit;
  if (compare(end, range.start) < 0) {
    return end;
  }
  return compare(end, range.end) > 0 ? behind(end, edit) : endOfFirstLine(edit);
}

function endOfFirstLine(edit: Edit): Place {
  const { line, character } = edit.range.start;
  return { line, character: character + (splitLines(edit.text)[0] ?? "").length };
}
