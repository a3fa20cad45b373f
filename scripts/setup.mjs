// Sets the checkout up, or the named parts of it. Each part is skipped when it is done.
import { editor } from "./lib/editor.mjs";
import { clientBundle, npmPackages } from "./lib/packages.mjs";
import { endAllOnSignals } from "./lib/processes.mjs";
import { pythonEnvironment } from "./lib/python.mjs";
import { script } from "./lib/steps.mjs";
import { browser, neovim } from "./lib/system.mjs";

/** @type {Record<string, () => Promise<unknown>>} */
const parts = {
  python: () => pythonEnvironment({ dev: true }),
  packages: npmPackages,
  client: clientBundle,
  editor,
  browser,
  neovim,
};

endAllOnSignals();

await script(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    process.stderr.write(
      `No such part: ${unknown.join(", ")}. The parts: ${Object.keys(parts).join(", ")}.\n`,
    );
    return 2;
  }
  for (const name of asked.length > 0 ? asked : Object.keys(parts)) await parts[name]();
});
