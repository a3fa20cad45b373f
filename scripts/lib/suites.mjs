// All that is run to know that the project is sound: the checks of its text, then the tests, fast ones first.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { editor } from "./editor.mjs";
import { packageExtension } from "./extension.mjs";
import { moduleFile, npmPackages } from "./packages.mjs";
import { inProject, places, projectPython } from "./project.mjs";
import { pythonEnvironment } from "./python.mjs";
import { browser } from "./system.mjs";

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {"lint" | "types" | "python" | "unit" | "e2e"} group
 * @property {(() => Promise<unknown>)[]} needs set-up steps
 * @property {[string, string[]]} command
 * @property {string} [report] where the command writes its results, in JUnit's format; without it, it counts as one
 */

/** @returns {Suite[]} */
export const allSuites = () => [
  ...lints,
  ...types,
  toolingTests,
  clientTests,
  ...pythonTests(),
  endToEndTests,
];

const development = () => pythonEnvironment({ dev: true });

/** @param {string} module @param {...string} args @returns {[string, string[]]} */
const python = (module, ...args) => [projectPython, ["-m", module, ...args]];

/** @param {string} file below node_modules @param {...string} args @returns {[string, string[]]} */
const node = (file, ...args) => [process.execPath, [moduleFile(file, ""), ...args]];

/** @type {Suite[]} */
const lints = [
  { name: "ruff", group: "lint", needs: [development], command: python("ruff", "check") },
  {
    name: "ruff format",
    group: "lint",
    needs: [development],
    command: python("ruff", "format", "--check"),
  },
  {
    name: "biome",
    group: "lint",
    needs: [npmPackages],
    command: node("@biomejs/biome/bin/biome", "ci"),
  },
];

/** @param {...string} project @returns {Suite} */
const typescript = (...project) => ({
  name: `tsc ${project.join("/")}`,
  group: "types",
  needs: [npmPackages],
  command: node("typescript/bin/tsc", "--project", inProject(...project)),
});

/** @type {Suite[]} */
const types = [
  { name: "mypy", group: "types", needs: [development], command: python("mypy") },
  typescript("client"),
  typescript("client", "webview"),
  typescript("scripts"),
  typescript("tests", "e2e"),
  {
    name: "generated protocol",
    group: "types",
    needs: [development],
    command: [projectPython, [inProject("server", "devtools", "gen_protocol.py"), "--check"]],
  },
];

/** The folders of Python tests that come first, each needing more of the rest than the one before. */
const LAYERS = ["unit", "worker", "session", "lsp"];

/** As many as there are cores: processes start and end all the time. What shares one of ours stays together. */
const AT_ONCE = ["-n", "auto", "--dist", "loadgroup"];

/** @returns {Suite[]} */
function pythonTests() {
  const entries = readdirSync(inProject("tests"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const rank = (/** @type {string} */ name) => LAYERS.indexOf(name) + 1 || LAYERS.length + 1;
  folders.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
  return folders.filter(hasPythonTests).map((folder) => {
    const report = reportOf(`pytest-${folder}`);
    return {
      name: `pytest ${folder}`,
      group: "python",
      needs: folder === "packaging" ? [development, packageExtension] : [development],
      command: python("pytest", ...AT_ONCE, inProject("tests", folder), `--junitxml=${report}`),
      report,
    };
  });
}

/** @param {string} folder */
function hasPythonTests(folder) {
  return readdirSync(inProject("tests", folder)).some((name) => /^test_.*\.py$/.test(name));
}

/** @param {string} name */
const reportOf = (name) => join(places.testResults, `${name}.xml`);

/** @param {string} name @param {...string} args @returns {Pick<Suite, "command" | "report">} */
function vitest(name, ...args) {
  const report = reportOf(name);
  const reporters = ["--reporter=default", "--reporter=junit", `--outputFile.junit=${report}`];
  return { command: node("vitest/vitest.mjs", "run", ...args, ...reporters), report };
}

/** @type {Suite} */
const toolingTests = {
  name: "vitest tooling",
  group: "unit",
  needs: [npmPackages],
  ...vitest("vitest-tooling", "--dir", inProject("tests", "tooling")),
};

/** @type {Suite} */
const clientTests = {
  name: "vitest client",
  group: "unit",
  needs: [npmPackages],
  ...vitest("vitest-client", "--config", inProject("client", "vitest.config.mts")),
};

/** @type {Suite} */
const endToEndTests = {
  name: "end to end",
  group: "e2e",
  needs: [packageExtension, editor, browser],
  ...vitest("end-to-end", "--config", inProject("tests", "e2e", "vitest.config.mts")),
};
