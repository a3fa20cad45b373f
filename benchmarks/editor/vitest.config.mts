// What Relive costs the editor, measured in the real one as the end-to-end tests drive it.
import tests from "../../tests/e2e/vitest.config.mts";

export default {
  ...tests,
  test: {
    ...tests.test,
    dir: import.meta.dirname,
    include: ["**/*.bench.ts"],
    maxWorkers: 1,
    testTimeout: 15 * 60_000,
  },
};
