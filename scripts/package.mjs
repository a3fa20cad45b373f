// Makes relive.vsix: the manifest, the client's bundle, the daemon, and the libraries the daemon needs.
import { packageExtension } from "./lib/extension.mjs";
import { endAllOnSignals } from "./lib/processes.mjs";
import { places } from "./lib/project.mjs";
import { script } from "./lib/steps.mjs";

endAllOnSignals();

await script(async () => {
  await packageExtension({ forOthers: true });
  process.stdout.write(`${places.extension}\n`);
});
