// Formats all text there is a formatter for, in place.
import { moduleFile, npmPackages } from "./lib/packages.mjs";
import { endAllOnSignals, watch } from "./lib/processes.mjs";
import { projectPython, root } from "./lib/project.mjs";
import { pythonEnvironment } from "./lib/python.mjs";
import { script } from "./lib/steps.mjs";

endAllOnSignals();

await script(async () => {
  await pythonEnvironment({ dev: true });
  await npmPackages();
  const biome = [moduleFile("@biomejs/biome", "bin/biome"), "check", "--write"];
  const ruff = ["-m", "ruff"];
  const codes = [
    await watch(projectPython, [...ruff, "check", "--fix"], { cwd: root }),
    await watch(projectPython, [...ruff, "format"], { cwd: root }),
    await watch(process.execPath, biome, { cwd: root }),
  ];
  return codes.every((code) => code === 0) ? 0 : 1;
});
