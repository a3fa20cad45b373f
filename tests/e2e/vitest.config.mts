// End-to-end tests: one editor and one browser for all of them, two windows at a time.
import { defineConfig } from "vitest/config";
import { PATIENCE_MS } from "./harness/patience.mts";

export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ["**/*.e2e.ts"],
    globalSetup: [`${import.meta.dirname}/harness/servers.ts`],
    // A window spends half its time waiting. The files share their modules: they keep no state there.
    maxWorkers: 2,
    isolate: false,
    expect: { poll: { timeout: PATIENCE_MS } },
    // Each wait has its own limit. A long story is many of them, and slow where all are.
    testTimeout: 10 * PATIENCE_MS,
    hookTimeout: 2 * PATIENCE_MS,
  },
});
