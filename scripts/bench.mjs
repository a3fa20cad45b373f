// `npm run bench`: Relive beside its peers and the physical limit, as ratios: benchmarks/README.md.
import { join } from "node:path";
import { endAllOnSignals, watch } from "./lib/processes.mjs";
import { inProject, places, projectPython, root } from "./lib/project.mjs";
import { environmentOf, pythonEnvironment } from "./lib/python.mjs";
import { script } from "./lib/steps.mjs";

endAllOnSignals();

await script(async () => {
  await pythonEnvironment({ dev: true });
  const peers = await environmentOf({
    title: "Peers to measure beside",
    folder: join(places.cache, "bench", "environment"),
    requirements: inProject("benchmarks", "suite", "requirements.txt"),
  });
  const args = [inProject("benchmarks", "bench.py"), peers, ...process.argv.slice(2)];
  return (await watch(projectPython, args, { cwd: root })) ?? 1;
});
