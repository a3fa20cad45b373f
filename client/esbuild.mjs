// Bundles the client into one file. `--watch` keeps doing so.
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** @type {import("esbuild").BuildOptions} */
const options = {
  entryPoints: [here("src/extension.ts")],
  outfile: here("dist/extension.js"),
  bundle: true,
  platform: "node",
  format: "cjs",
  // What VS Code 1.100's extension host runs on.
  target: "node20",
  external: ["vscode"],
  tsconfig: here("tsconfig.json"),
  minify: !process.argv.includes("--watch"),
  sourcemap: process.argv.includes("--watch"),
  logLevel: "warning",
};

if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await build(options);
}
