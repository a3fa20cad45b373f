// All that is run to know that the project is sound: the checks of its text, then the tests, fast ones first.
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { editor } from "./editor.mjs";
import { packageExtension } from "./extension.mjs";
import { moduleFile, npmPackages } from "./packages.mjs";
import { inProject, places, projectPython } from "./project.mjs";
import { pythonEnvironment } from "./python.mjs";
import { browser, neovim } from "./system.mjs";

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {"lint" | "types" | "python" | "unit" | "e2e"} group
 * @property {(() => Promise<unknown>)[]} needs set-up steps
 * @property {boolean} [long] takes minutes, and both cores
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

/** The package is built with a Python that has no more than it needs, or with the one that has all. */
const packaged = () => development().then(() => packageExtension());

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

/**
 * One more than there are cores: many tests wait for a process to start, to end or to be interrupted.
 * What shares a process of ours stays together.
 */
const AT_ONCE = ["-n", String(availableParallelism() + 1), "--dist", "loadgroup"];

/**
 * As few runs as can be: each begins with asking the interpreters for their versions, and ends with an idle core.
 * The fuzz tests' settings of Hypothesis hold for a whole run.
 * @returns {Suite[]}
 */
function pythonTests() {
  const folders = pythonFolders();
  return [
    pytest("pytest", ...folders.filter((folder) => folder !== "fuzz")),
    pytest("pytest fuzz", "fuzz"),
  ];
}

/** @param {string} name @param {...string} folders @returns {Suite} */
function pytest(name, ...folders) {
  const report = reportOf(name.replace(" ", "-"));
  const paths = folders.map((folder) => inProject("tests", folder));
  return {
    name,
    group: "python",
    long: true,
    needs: [packaged, neovim],
    command: python("pytest", ...AT_ONCE, ...paths, `--junitxml=${report}`),
    report,
  };
}

function pythonFolders() {
  const entries = readdirSync(inProject("tests"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const rank = (/** @type {string} */ name) => LAYERS.indexOf(name) + 1 || LAYERS.length + 1;
  folders.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
  return folders.filter(hasPythonTests);
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

/** For a loaded machine: the tests start processes, and run beside other suites. */
const PATIENCE = ["--testTimeout=60000", "--expect.poll.timeout=60000"];

/** @type {Suite} */
const toolingTests = {
  name: "vitest tooling",
  group: "unit",
  needs: [npmPackages],
  ...vitest("vitest-tooling", "--dir", inProject("tests", "tooling"), ...PATIENCE),
};

/** @type {Suite} */
const clientTests = {
  name: "vitest client",
  group: "unit",
  needs: [npmPackages, development], // one test starts a daemon
  ...vitest("vitest-client", "--config", inProject("client", "vitest.config.mts")),
};

/** @type {Suite} */
const endToEndTests = {
  name: "end to end",
  group: "e2e",
  long: true,
  needs: [packaged, editor, browser],
  ...vitest("end-to-end", "--config", inProject("tests", "e2e", "vitest.config.mts")),
};
