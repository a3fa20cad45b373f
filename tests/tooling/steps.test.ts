// Set-up steps: done once, done again when their inputs change, and plain about what failed.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digest, ensure, SetupProblem } from "../../scripts/lib/steps.mjs";

let folder: string;
let done: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "relive-steps-"));
  done = 0;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const result = () => join(folder, "made", "result");

function step(key: string, work = makeResult) {
  return ensure({
    title: "Test of a step",
    stamp: join(folder, "made", "stamp"),
    key: () => key,
    present: () => existsSync(result()),
    work,
    advice: "plug it in.",
  });
}

async function makeResult(run: typeof import("../../scripts/lib/processes.mjs").run) {
  done += 1;
  await run(
    process.execPath,
    ["-e", `fs.mkdirSync("made", {recursive: true}); fs.writeFileSync("made/result", "")`],
    { cwd: folder },
  );
}

test("a step that is done is skipped", async () => {
  await step("a");
  await step("a");
  expect(done).toBe(1);
});

test("a step that two ask for at once is done once", async () => {
  await Promise.all([step("a"), step("a")]);
  expect(done).toBe(1);
});

test("a step is done again when its inputs changed", async () => {
  await step("a");
  await step("b");
  expect(done).toBe(2);
});

test("a step is done again when its result is gone", async () => {
  await step("a");
  await rm(result());
  await step("a");
  expect(done).toBe(2);
});

test("a command that fails says what, why, and what to do, and leaves the step undone", async () => {
  await step("a");
  const failing = step("b", async (run) => {
    await run(process.execPath, ["-e", `console.error("no route to host"); process.exit(3)`]);
  });
  await expect(failing).rejects.toThrow(SetupProblem);
  await expect(failing).rejects.toThrow(
    /Test of a step: this failed\..*ended with code 3.*no route to host.*What to do: plug it in\./s,
  );
  await step("a");
  expect(done).toBe(2);
});

test("a failure's log has all that was printed", async () => {
  const failing = step("a", async (run) => {
    await run(process.execPath, ["-e", `console.log("first"); process.exit(1)`]);
  });
  const message = await failing.then(String, String);
  const log = message.match(/All it printed: (.*)$/m)?.[1] ?? "";
  await expect.poll(() => readFile(log, "utf8")).toContain("first");
});

test("a command that is not there fails like one that ran", async () => {
  const failing = step("a", async (run) => {
    await run(join(folder, "nothing"), []);
  });
  await expect(failing).rejects.toThrow(SetupProblem);
});

test("a digest tells where one part ends and the next begins", () => {
  expect(digest("ab", "c")).not.toBe(digest("a", "bc"));
});
