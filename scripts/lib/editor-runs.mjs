// Runs vitest files that drive the real editor but are no tests: pictures, measurements.
import { editor } from "./editor.mjs";
import { packageExtension } from "./extension.mjs";
import { moduleFile } from "./packages.mjs";
import { watch } from "./processes.mjs";
import { inProject, root } from "./project.mjs";
import { browser } from "./system.mjs";

/** @param {...string} config the vitest configuration, below the project's root */
export async function runInEditor(...config) {
  await packageExtension();
  await editor();
  await browser();
  const vitest = [moduleFile("vitest", "vitest.mjs"), "run", "--config", inProject(...config)];
  return (await watch(process.execPath, vitest, { cwd: root })) ?? 1;
}
