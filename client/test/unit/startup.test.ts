// What is remembered of start-up code: an answer for each folder and content, also that it is not to run.
import { expect, test } from "vitest";
import { Decisions } from "../../src/startup/decisions";

function remembered(kept = new Map<string, unknown>()) {
  return new Decisions({
    get: (key) => kept.get(key),
    update: async (key, value) => {
      kept.set(key, value);
    },
  });
}

test("nothing is known before somebody has said something", () => {
  expect(remembered().of("file:///a", "1")).toBeUndefined();
});

test.each([true, false])(
  "%s is remembered of just this content of just this folder",
  async (run) => {
    const kept = new Map<string, unknown>();
    await remembered(kept).remember("file:///a", "1", run);
    const later = remembered(kept);
    expect(later.of("file:///a", "1")).toBe(run);
    expect(later.of("file:///a", "2")).toBeUndefined();
    expect(later.of("file:///b", "1")).toBeUndefined();
    await later.forget("file:///a");
    expect(later.of("file:///a", "1")).toBeUndefined();
  },
);

test("what somebody else has left in the memory is no answer", () => {
  const kept = new Map<string, unknown>([
    ["relive.startup:file:///a", { digest: "1", run: "yes" }],
  ]);
  expect(remembered(kept).of("file:///a", "1")).toBeUndefined();
});
