// `npm run bench:editor`: what Relive costs the real editor, as ratios.

import { runInEditor } from "./lib/editor-runs.mjs";
import { endAllOnSignals } from "./lib/processes.mjs";
import { script } from "./lib/steps.mjs";

endAllOnSignals();

await script(() => runInEditor("benchmarks", "editor", "vitest.config.mts"));
