// The walkthrough: what its steps name is there, and each completes on something that really happens.
import { expect, test } from "vitest";
import { COMMAND_IDS } from "../../src/commands/ids";
import { contributes, read, steps, textsOf } from "./manifest";

const sources = textsOf("client/src/", ".ts").join("\n");

test("six steps, each with what it comes to", () => {
  expect(steps).toHaveLength(6);
  for (const { media } of steps) {
    const pictures = media.markdown === undefined ? (media.image ?? {}) : undefined;
    if (pictures !== undefined) {
      expect(Object.keys(pictures).toSorted()).toEqual(["dark", "hc", "hcLight", "light"]);
      expect(media.altText).toMatch(/\.$/);
    }
    const paths = pictures === undefined ? [media.markdown ?? ""] : Object.values(pictures);
    expect(paths.filter((path) => read(path) === "")).toEqual([]);
  }
});

test.each(steps)("$id completes when it was done, not when a link was followed", (step) => {
  expect(step.completionEvents).toHaveLength(1);
  const [, milestone = ""] =
    step.completionEvents[0]?.match(/^onContext:relive\.did\.(\w+)$/) ?? [];
  expect(sources).toMatch(new RegExp(`reached\\([^)]*"${milestone}"`));
});

test.each(steps)("$id leads to a command there is", ({ description }) => {
  const linked = Array.from(description.matchAll(/\(command:([\w.]+)\)/g), ([, id]) => id);
  expect(linked).toHaveLength(1);
  expect(COMMAND_IDS).toContain(linked[0]);
});

test("the keys it names are bound", () => {
  const bound = contributes.keybindings.map(({ key }) => key);
  const named = steps.flatMap(({ description }) =>
    Array.from(description.matchAll(/\*\*((?:\w+\+)+[\w ]+)\*\*/g), ([, key]) =>
      key?.toLowerCase(),
    ),
  );
  expect(named).toContain("alt+enter");
  expect(named.filter((key) => !bound.includes(key ?? ""))).toEqual([]);
});
