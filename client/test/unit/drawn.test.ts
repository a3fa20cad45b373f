// Which decorations an editor is told of again.

import { beforeEach, expect, test } from "vitest";
import { Drawn } from "../../src/annotations/drawn";

const EDITOR = {};
const VALUE = {};
const ERROR = {};
const TWO = [{ line: 0, text: "2" }];

let drawn: Drawn;

beforeEach(() => {
  drawn = new Drawn();
});

test("a value that is new, or another, is news; the same is none", () => {
  expect(drawn.isNews(EDITOR, VALUE, TWO, 1)).toBe(true);
  expect(drawn.isNews(EDITOR, VALUE, TWO, 1)).toBe(false);
  expect(drawn.isNews(EDITOR, VALUE, [{ line: 0, text: "3" }], 1)).toBe(true);
});

test("nothing is news only where something was drawn", () => {
  expect(drawn.isNews(EDITOR, ERROR, [], 1)).toBe(false);
  drawn.isNews(EDITOR, VALUE, TWO, 1);
  expect(drawn.isNews(EDITOR, VALUE, [], 1)).toBe(true);
  expect(drawn.isNews(EDITOR, VALUE, [], 2)).toBe(false);
});

test("after an edit all that is drawn is told again: the editor has moved it by itself", () => {
  drawn.isNews(EDITOR, VALUE, TWO, 1);
  expect(drawn.isNews(EDITOR, VALUE, TWO, 2)).toBe(true);
});

test("each editor and each style is told of its own", () => {
  drawn.isNews(EDITOR, VALUE, TWO, 1);
  expect(drawn.isNews({}, VALUE, TWO, 1)).toBe(true);
  expect(drawn.isNews(EDITOR, ERROR, TWO, 1)).toBe(true);
});
