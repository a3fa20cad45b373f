// Makes the pictures of the documents (docs/images) and of the walkthrough anew, from the samples in the real editor; the moving one of its frames.
import { runInEditor } from "./lib/editor-runs.mjs";
import { endAllOnSignals, watch } from "./lib/processes.mjs";
import { inProject, projectPython, root } from "./lib/project.mjs";
import { pythonEnvironment } from "./lib/python.mjs";
import { script } from "./lib/steps.mjs";

endAllOnSignals();

await script(async () => {
  await pythonEnvironment({ dev: true }); // Pillow is of the tests' packages
  const code = await runInEditor("tests", "e2e", "pictures.config.mts");
  if (code !== 0) return code;
  return (await watch(projectPython, [inProject("scripts", "animate.py")], { cwd: root })) ?? 1;
});
