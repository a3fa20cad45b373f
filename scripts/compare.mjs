// Puts other engines to the cases of redefinition, beside Relive: docs/redefinition-compared.md.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { endAllOnSignals, watch } from "./lib/processes.mjs";
import { inProject, onWindows, places, projectPython, root } from "./lib/project.mjs";
import { pythonEnvironment } from "./lib/python.mjs";
import { contentOf, digest, ensure, script } from "./lib/steps.mjs";

const environment = join(places.cache, "compare", "environment");
const interpreter = join(environment, onWindows ? "Scripts/python.exe" : "bin/python");
const requirements = inProject("benchmarks", "redefinition", "requirements.txt");

endAllOnSignals();

await script(async () => {
  await pythonEnvironment();
  await engines();
  const compare = inProject("benchmarks", "redefinition", "compare.py");
  const args = [compare, interpreter, ...process.argv.slice(2)];
  return (await watch(projectPython, args, { cwd: root })) ?? 1;
});

/** The engines that are compared, in an environment of their own. */
async function engines() {
  const key = digest(root, await contentOf(requirements));
  await ensure({
    title: "Engines to compare with",
    stamp: join(environment, "set-up"),
    key: () => key,
    present: () => existsSync(interpreter),
    advice: "see that this machine reaches the Python package index, then run the command again.",
    async work(run) {
      await rm(environment, { recursive: true, force: true });
      await run(projectPython, ["-m", "venv", environment], { cwd: root });
      const pip = ["-m", "pip", "--disable-pip-version-check", "install"];
      await run(interpreter, [...pip, "--requirement", requirements], { cwd: root });
    },
  });
}
