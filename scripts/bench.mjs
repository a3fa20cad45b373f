// `npm run bench`: Relive beside its peers and the physical limit, as ratios: benchmarks/README.md.
import { join } from "node:path";
import { editor } from "./lib/editor.mjs";
import { packageExtension } from "./lib/extension.mjs";
import { endAllOnSignals, watch } from "./lib/processes.mjs";
import { inProject, places, projectPython, root } from "./lib/project.mjs";
import { environmentOf, pythonEnvironment } from "./lib/python.mjs";
import { SetupProblem, say, script } from "./lib/steps.mjs";
import { browser } from "./lib/system.mjs";

/** The row that is measured in the real editor. */
const IN_EDITOR = "keys";

/** Whether it is wanted. @param {string[]} args */
function wantsEditor(args) {
  const rows = args.flatMap(
    (each, at) => each.match(/^--row=(.*)/)?.[1] ?? (args[at - 1] === "--row" ? each : []),
  );
  return rows.length === 0 || rows.includes(IN_EDITOR);
}

/** Sees to the editor and to what is measured in it; says so where that cannot be, which is no reason to measure nothing. */
async function hasEditor() {
  try {
    await packageExtension();
    await editor();
    await browser();
    return true;
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    say(`The row \`${IN_EDITOR}\` is left out. ${error.message}`);
    return false;
  }
}

endAllOnSignals();

await script(async () => {
  await pythonEnvironment({ dev: true });
  const peers = await environmentOf({
    title: "Peers to measure beside",
    folder: join(places.cache, "bench", "environment"),
    requirements: inProject("benchmarks", "suite", "requirements.txt"),
  });
  const asked = process.argv.slice(2);
  const driven = wantsEditor(asked) && (await hasEditor()) ? ["--node", process.execPath] : [];
  const args = [inProject("benchmarks", "bench.py"), peers, ...driven, ...asked];
  return (await watch(projectPython, args, { cwd: root })) ?? 1;
});
