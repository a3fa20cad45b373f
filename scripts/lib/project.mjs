// Where things stand in the checkout. The only place that spells these paths.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** @param {...string} parts */
export const inProject = (...parts) => join(root, ...parts);

export const onWindows = process.platform === "win32";

const cache = inProject(".cache");

export const places = {
  cache,
  /** One file a set-up step: what its commands printed. */
  logs: join(cache, "logs"),
  /** The browser-served editor, a program of its own and no dependency of the extension. */
  editor: join(cache, "editor"),
  /** What an editor started by `npm start` remembers: its settings, windows, extensions. */
  profile: join(cache, "profile"),
  venv: inProject(".venv"),
  modules: inProject("node_modules"),
  clientBundle: inProject("client", "dist", "extension.js"),
  /** Which packages' folders the client's bundles hold something of. */
  clientLibraries: inProject("client", "dist", "libraries.json"),
  bundledLibraries: inProject("bundled", "libs"),
  extension: inProject("relive.vsix"),
  samples: inProject("samples"),
  testResults: inProject("test-results"),
};

/** The interpreter of the project's own Python environment. */
export const projectPython = onWindows
  ? join(places.venv, "Scripts", "python.exe")
  : join(places.venv, "bin", "python");
