// Makes the pictures of the documents (docs/images) anew, from the sample in the real editor.
import { runInEditor } from "./lib/editor-runs.mjs";
import { endAllOnSignals } from "./lib/processes.mjs";
import { script } from "./lib/steps.mjs";

endAllOnSignals();

await script(() => runInEditor("tests", "e2e", "pictures.config.mts"));
