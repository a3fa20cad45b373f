// Makes the pictures of the documents (docs/images) anew, from the sample in the real editor.
import { editor } from "./lib/editor.mjs";
import { packageExtension } from "./lib/extension.mjs";
import { moduleFile } from "./lib/packages.mjs";
import { endAllOnSignals, watch } from "./lib/processes.mjs";
import { inProject, root } from "./lib/project.mjs";
import { script } from "./lib/steps.mjs";
import { browser } from "./lib/system.mjs";

endAllOnSignals();

await script(async () => {
  await packageExtension();
  await editor();
  await browser();
  const vitest = [moduleFile("vitest", "vitest.mjs"), "run"];
  const config = ["--config", inProject("tests", "e2e", "pictures.config.mts")];
  return (await watch(process.execPath, [...vitest, ...config], { cwd: root })) ?? 1;
});
