// Puts other engines to the cases of redefinition, beside Relive: docs/redefinition-compared.md.
import { join } from "node:path";
import { endAllOnSignals, watch } from "./lib/processes.mjs";
import { inProject, places, projectPython, root } from "./lib/project.mjs";
import { environmentOf, pythonEnvironment } from "./lib/python.mjs";
import { script } from "./lib/steps.mjs";

endAllOnSignals();

await script(async () => {
  await pythonEnvironment();
  const interpreter = await environmentOf({
    title: "Engines to compare with",
    folder: join(places.cache, "compare", "environment"),
    requirements: inProject("benchmarks", "redefinition", "requirements.txt"),
  });
  const compare = inProject("benchmarks", "redefinition", "compare.py");
  const args = [compare, interpreter, ...process.argv.slice(2)];
  return (await watch(projectPython, args, { cwd: root })) ?? 1;
});
