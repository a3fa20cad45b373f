// Running suites: what they need is set up once and fails those alone that need it; short ones run beside each other.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SetupProblem } from "../../scripts/lib/steps.mjs";
import { runSuites } from "../../scripts/lib/suite-runs.mjs";
import type { Suite } from "../../scripts/lib/suites.mjs";

function suite(name: string, code: string, needs: Suite["needs"] = []): Suite {
  return { name, group: "unit", needs, command: [process.execPath, ["-e", code]] };
}

test("what several suites need is set up once, and one that fails is told by those that need it", async () => {
  let begun = 0;
  const fine = async () => {
    begun += 1;
  };
  const failing = () => Promise.reject(new SetupProblem("No network.", "mend it."));
  const outcomes = await runSuites(
    [
      suite("one", "", [fine]),
      suite("two", "process.exit(1)", [fine]),
      suite("three", "", [failing]),
    ],
    [],
  );
  expect(begun).toBe(1);
  expect(outcomes.map(({ name, passed, failed }) => [name, passed, failed])).toEqual([
    ["one", 1, 0],
    ["two", 0, 1],
    ["three", 0, 1],
  ]);
});

test("short suites run beside each other", async () => {
  const folder = await mkdtemp(join(tmpdir(), "relive-suites-"));
  // Each ends only when the other has begun.
  const meeting = (mine: string, other: string) => `
    const { existsSync, watch, writeFileSync } = require("node:fs");
    const look = () => existsSync(${JSON.stringify(join(folder, other))}) && process.exit(0);
    watch(${JSON.stringify(folder)}, look);
    writeFileSync(${JSON.stringify(join(folder, mine))}, "");
    look();`;
  const outcomes = await runSuites(
    [suite("a", meeting("a", "b")), suite("b", meeting("b", "a"))],
    [],
  );
  expect(outcomes.map(({ passed }) => passed)).toEqual([1, 1]);
  await rm(folder, { recursive: true, force: true });
}, 60_000);
