import { defineConfig } from "vitest/config";

export default defineConfig({
  cacheDir: "../node_modules/.vite",
  test: {
    root: import.meta.dirname,
    include: ["test/{unit,webview}/**/*.test.ts"],
    // For a loaded machine: the tests of properties try hundreds of edits.
    testTimeout: 60_000,
  },
});
