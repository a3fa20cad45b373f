// Where lines of the output lead: headings to the code that printed, lines of tracebacks to where it failed.

/** Somewhere in code. `line` is 0-based. */
export interface Place {
  readonly uri: string;
  readonly line: number;
}

export interface FoundLink {
  readonly startIndex: number;
  readonly length: number;
  readonly place: Place;
}

const TRACEBACK = /File "([^"]+)", line (\d+)/g;
/** Code that stands in no file has a name that is no path, such as `<string>`. */
const PATH = /^(?:\/|[A-Za-z]:[\\/])/;
export const AGAIN = " · continued";

export function linksIn(
  line: string,
  headings: ReadonlyMap<string, Place>,
  uriOf: (path: string) => string,
): FoundLink[] {
  const heading = line.trimEnd().replace(AGAIN, "");
  const place = headings.get(heading);
  const frames = [...line.matchAll(TRACEBACK)].flatMap(
    ({ 0: text, 1: path = "", 2: number, index }) =>
      PATH.test(path)
        ? [
            {
              startIndex: index,
              length: text.length,
              place: { uri: uriOf(path), line: Number(number) - 1 },
            },
          ]
        : [],
  );
  return place === undefined
    ? frames
    : [{ startIndex: 0, length: heading.length, place }, ...frames];
}
