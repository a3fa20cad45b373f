// What it costs to find annotations: what stands on the lines asked about, and nothing else.
import { expect, test } from "vitest";
import type { Region } from "../../src/annotations/regions";
import { AnnotationStore } from "../../src/annotations/store";
import { KEY, value } from "./annotated";

/** A line's region that counts how often anybody looks where it is. */
class Watched implements Region {
  static looks = 0;
  readonly #line: number;

  constructor(line: number) {
    this.#line = line;
  }

  get start() {
    Watched.looks += 1;
    return { line: this.#line, character: 0 };
  }

  get end() {
    Watched.looks += 1;
    return { line: this.#line, character: 5 };
  }
}

function put(store: AnnotationStore, line: number, generation = 1) {
  const region = new Watched(line);
  const evaluated = { lines: ["x = 1"], codeEnd: 5 };
  const about = { generation, edge: "last", content: value("1"), region, evaluated } as const;
  return store.put(KEY, { nature: "result", ...about });
}

/** How often regions are looked at for another result, its mark, and what is asked for its line. */
function looksForAnother(beside: number): number {
  const store = new AnnotationStore();
  for (let line = 0; line < beside; line += 1) {
    put(store, line);
  }
  store.at(KEY, 0);
  Watched.looks = 0;
  const annotation = put(store, beside);
  store.say(KEY, annotation?.id ?? 0, value("2"));
  store.at(KEY, beside);
  store.remove(KEY, ...(annotation ? [annotation] : []));
  return Watched.looks;
}

test("a result among a thousand costs what one among ten does", () => {
  expect(looksForAnother(1000)).toBe(looksForAnother(10));
});

test("what is found on a line is the newest first, whatever took what place", () => {
  const store = new AnnotationStore();
  const ids = [0, 1, 2].map((line) => put(store, line)?.id ?? 0);
  store.say(KEY, ids[1] ?? 0, value("2"));
  expect(store.at(KEY, 1)).toMatchObject([{ id: ids[1], content: { value: { text: "2" } } }]);
  const again = put(store, 1, 2);
  expect(store.at(KEY, 1)).toEqual([again]);
  expect(store.all(KEY).map(({ id }) => id)).toEqual([ids[0], ids[2], again?.id]);
});

test("what an edit has moved is found where it is by then", () => {
  const store = new AnnotationStore();
  const { id } = put(store, 3) ?? {};
  const start = { line: 0, character: 0 };
  const lines = ["", "", "", "", "x = 1"];
  const text = { count: lines.length, at: (line: number) => lines[line] ?? "" };
  store.edit(KEY, [{ range: { start, end: start }, text: "\n" }], text);
  expect(store.at(KEY, 3)).toEqual([]);
  expect(store.at(KEY, 4)).toMatchObject([{ id, region: { start: { line: 4 } } }]);
});
