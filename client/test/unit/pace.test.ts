import { expect, test } from "vitest";
import { Pace } from "../../src/annotations/pace";

/** How many passes are made in this time if each asks for the next one at once. */
function passes(lines: number, overMs: number): number {
  const pace = new Pace();
  let now = 0;
  let count = 0;
  while (now <= overMs) {
    pace.drew(lines, now);
    count += 1;
    now += Math.max(1, pace.waitMs(now));
  }
  return count;
}

test("few results are drawn as they come", () => {
  expect(passes(3, 1000)).toBe(1001);
});

test("many results are drawn a few times a second while they follow one another", () => {
  expect(passes(2000, 2000)).toBeLessThan(8);
});

test("a key's own passes are not late, however many results there are", () => {
  const pace = new Pace();
  pace.drew(500, 0);
  pace.drew(500, 1);
  expect(pace.waitMs(2)).toBe(0);
});
