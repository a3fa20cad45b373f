// Ending a process: with all it started, whatever group that is in, and however deaf it is.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { end, keep, run, runningProcesses } from "../../scripts/lib/processes.mjs";

/** Starts a process that starts another, apart from itself; answers when both run. */
async function startTree(inner: string): Promise<{ child: ChildProcess; grandchild: number }> {
  const outer = `
    const { spawn } = require("node:child_process");
    const inner = spawn(process.execPath, ["-e", ${JSON.stringify(inner)}], { detached: true, stdio: ["ignore", "inherit", "inherit"] });
    setInterval(() => {}, 1000);`;
  const child = keep(process.execPath, ["-e", outer], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout ?? child, "data");
  return { child, grandchild: Number(line) };
}

const announce = "process.stdout.write(String(process.pid)); setInterval(() => {}, 1000);";

test("what a process started apart from itself ends with it", async () => {
  const { child, grandchild } = await startTree(announce);
  expect(runningProcesses().has(grandchild)).toBe(true);
  await end(child);
  await expect.poll(() => runningProcesses().get(grandchild)?.state ?? "Z").toBe("Z");
});

test("what does not end when asked is forced", async () => {
  const { child, grandchild } = await startTree(`process.on("SIGTERM", () => {}); ${announce}`);
  await end(child, 0);
  await expect.poll(() => runningProcesses().get(grandchild)?.state ?? "Z").toBe("Z");
});

test("what carries the mark ends too, though nothing else leads to it", async () => {
  const mark = `relive-mark-${process.pid}`;
  const launcher = `
    const { spawn } = require("node:child_process");
    const far = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "${mark}"], { detached: true, stdio: "ignore" });
    far.unref(); process.stdout.write(String(far.pid));`;
  const far = Number(await run(process.execPath, ["-e", launcher]));
  const child = keep(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { mark });
  await end(child);
  await expect.poll(() => runningProcesses().get(far)?.state ?? "Z").toBe("Z");
});
