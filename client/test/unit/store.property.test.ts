// The store against a plain string: whatever is typed, deleted, pasted and undone.
import fc from "fast-check";
import { expect, test } from "vitest";
import { reads } from "../../src/annotations/evaluated";
import type { Kept } from "../../src/annotations/lifecycle";
import { Annotated, KEY } from "./annotated";
import type { Splice } from "./textModel";

/** Unlike each other in every line, so that text tells which statement it is. */
const STATEMENTS = [
  ["α = '🐍'"],
  ["for i in range(3):", "\tprint(i)", "\tk = 'k🙂'"],
  ["b = 2"],
  ["", "c = [", "    b,", "]"],
  ["d = '''e", "", "f'''"],
];

interface Step {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 60 })),
  text: fc.oneof(
    fc.constantFrom("", "", "q", "\n", "  ", "\t", "🙂", "# z", "\r\n", "é"),
    fc
      .array(fc.constantFrom("q", "\n", "🙂", " ", "#"), { maxLength: 8 })
      .map((parts) => parts.join("")),
  ),
});

/** One change has one place, or several that do not touch. */
const change = fc.oneof(
  { weight: 4, arbitrary: step.map((only) => [only]) },
  { weight: 1, arbitrary: fc.array(step, { minLength: 2, maxLength: 3 }) },
);

function annotated(newline: string): Annotated {
  const document = new Annotated(`${STATEMENTS.flat().join(newline)}${newline}`);
  let line = 0;
  STATEMENTS.forEach((statement, index) => {
    document.result(line, line + statement.length - 1, String(index));
    line += statement.length;
  });
  return document;
}

function splices(steps: readonly Step[], text: string): Splice[] {
  const wanted = steps.map(({ at, length, text: inserted }) => {
    const offset = Math.floor(at * text.length);
    return { offset, length: Math.min(length, text.length - offset), text: inserted };
  });
  const apart: Splice[] = [];
  for (const splice of wanted.sort((a, b) => a.offset - b.offset)) {
    const before = apart.at(-1);
    if (before === undefined || before.offset + before.length + 1 < splice.offset) {
      apart.push(splice);
    }
  }
  return apart;
}

/** Editors never put an edit between the two halves of a line end, or of a character. */
function whole(splice: Splice, text: string): Splice {
  const [from, to] = [splice.offset, splice.offset + splice.length].map((offset) =>
    /\r\n|[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(Math.max(0, offset - 1), offset + 1))
      ? offset - 1
      : offset,
  ) as [number, number];
  return { ...splice, offset: from, length: Math.max(0, to - from) };
}

function run(document: Annotated, steps: readonly Step[]): Splice[] {
  const { text } = document.model;
  return document.change(splices(steps, text).map((splice) => whole(splice, text)));
}

const newline = fc.constantFrom("\n", "\r\n");

test("what is current stands at the text that was evaluated; nothing is outside the document", () => {
  fc.assert(
    fc.property(newline, fc.array(change, { maxLength: 12 }), (ends, changes) => {
      const document = annotated(ends);
      for (const steps of changes) {
        run(document, steps);
        const { lines } = document.model;
        for (const { state, region, evaluated } of document.store.all(KEY) as Kept[]) {
          expect(region.end.line).toBeLessThan(lines.count);
          expect(region.start.line).toBeLessThanOrEqual(region.end.line);
          expect(
            state === "stale" || (evaluated && reads(lines, region.start.line, evaluated)),
          ).toBe(true);
        }
      }
    }),
    { numRuns: 400 },
  );
});

test("undoing everything makes every result current, where it was", () => {
  fc.assert(
    fc.property(newline, fc.array(change, { maxLength: 12 }), (ends, changes) => {
      const document = annotated(ends);
      const { text } = document.model;
      const before = document.seen;
      const undos = changes.map((steps) => run(document, steps));
      for (const undo of undos.reverse()) {
        document.undo(undo);
      }
      expect(document.model.text).toBe(text);
      expect(document.seen).toEqual(before);
    }),
    { numRuns: 400 },
  );
});

test("a result stays while any of its text is there, on the lines of that text", () => {
  fc.assert(
    fc.property(newline, fc.array(step, { maxLength: 8 }), (ends, steps) => {
      const document = annotated(ends);
      let owners = ownersOf(document);
      for (const one of steps) {
        const before = document.model.text;
        for (const splice of splices([one], before).map((wanted) => whole(wanted, before))) {
          document.change([splice]);
          owners = [
            ...owners.slice(0, splice.offset),
            ...Array.from(splice.text, () => undefined).flatMap((none, index) =>
              Array.from({ length: [...splice.text][index]?.length ?? 0 }, () => none),
            ),
            ...owners.slice(splice.offset + splice.length),
          ];
        }
      }
      for (const [index] of STATEMENTS.entries()) {
        checkSurvivor(document, owners, String(index));
      }
    }),
    { numRuns: 400 },
  );
});

/** For each UTF-16 unit of the text, which statement it was of; nothing for blanks. */
function ownersOf(document: Annotated): (string | undefined)[] {
  const { model } = document;
  return Array.from({ length: model.text.length }, (_, offset) => {
    const { line } = model.place(offset);
    const blank = model.text.charAt(offset).trim() === "";
    return blank ? undefined : ownerOfLine(line);
  });
}

function ownerOfLine(line: number): string | undefined {
  let first = 0;
  for (const [index, statement] of STATEMENTS.entries()) {
    if (line < first + statement.length) {
      return String(index);
    }
    first += statement.length;
  }
  return undefined;
}

function checkSurvivor(
  document: Annotated,
  owners: readonly (string | undefined)[],
  owner: string,
): void {
  const offsets = owners.flatMap((found, offset) => (found === owner ? [offset] : []));
  const first = offsets[0];
  const last = offsets.at(-1);
  if (first === undefined || last === undefined) {
    return;
  }
  const annotation = document.store
    .all(KEY)
    .find(({ content }) => content.kind === "value" && content.value.text === owner);
  expect(annotation, `statement ${owner}`).toBeDefined();
  expect(annotation?.region.start.line).toBeLessThanOrEqual(document.model.place(first).line);
  expect(annotation?.region.end.line).toBeGreaterThanOrEqual(document.model.place(last).line);
}
