// Bundles the client: what runs in the extension host, and what runs in the results panel. `--watch` keeps doing so.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const watching = process.argv.includes("--watch");

/** @type {import("esbuild").BuildOptions} */
const shared = {
  bundle: true,
  tsconfig: here("tsconfig.json"),
  minify: !watching,
  sourcemap: watching,
  metafile: true,
  absWorkingDir: here(".."),
  logLevel: "warning",
};

/** @type {import("esbuild").BuildOptions} */
const extension = {
  ...shared,
  entryPoints: [here("src/extension.ts")],
  outfile: here("dist/extension.js"),
  platform: "node",
  format: "cjs",
  // What VS Code 1.100's extension host runs on.
  target: "node20",
  external: ["vscode"],
};

/** @type {import("esbuild").BuildOptions} */
const panel = {
  ...shared,
  entryPoints: [
    { in: here("webview/main.ts"), out: "panel" },
    { in: here("webview/charts.ts"), out: "charts" },
  ],
  outdir: here("dist/webview"),
  platform: "browser",
  format: "iife",
  // VS Code 1.100's own browser, and those its web editor supports.
  target: ["chrome132", "firefox128", "safari17"],
  // A style for a shadow is put there by hand.
  loader: { ".woff2": "file", ".shadow.css": "text" },
  assetNames: "[name]",
  // Fonts for browsers that are older.
  external: ["*.woff", "*.ttf"],
};

if (watching) {
  for (const options of [extension, panel]) await (await context(options)).watch();
} else {
  const built = await Promise.all([extension, panel].map((options) => build(options)));
  const inputs = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  await writeFile(here("dist/libraries.json"), JSON.stringify(librariesOf(inputs), null, 2));
}

/** The folders of the packages that these files are of. @param {string[]} files */
function librariesOf(files) {
  const folders = files.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}
