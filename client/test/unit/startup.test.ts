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

test("a content that comes back is known, as by switching branches, and those met last are kept", async () => {
  const kept = new Map<string, unknown>([
    ["relive.startup:file:///a", { digest: "main", run: true }], // as an earlier version left it
  ]);
  const decisions = remembered(kept);
  expect(decisions.of("file:///a", "main")).toBe(true);
  await decisions.remember("file:///a", "branch", false);
  expect(decisions.of("file:///a", "main")).toBe(true);
  expect(decisions.of("file:///a", "branch")).toBe(false);
  for (let n = 0; n < 18; n += 1) await decisions.remember("file:///a", String(n), true);
  await decisions.remember("file:///a", "main", true); // met again
  await decisions.remember("file:///a", "one more", true);
  expect(decisions.of("file:///a", "main")).toBe(true);
  expect(decisions.of("file:///a", "branch")).toBeUndefined();
  await decisions.forget("file:///a");
  expect(decisions.of("file:///a", "main")).toBeUndefined();
});

test("what somebody else has left in the memory is no answer", () => {
  const kept = new Map<string, unknown>([
    ["relive.startup:file:///a", { digest: "1", run: "yes" }],
  ]);
  expect(remembered(kept).of("file:///a", "1")).toBeUndefined();
});
