// The project's Python environment, .venv: the daemon's libraries, and the tests' and checks' when asked.
import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { run } from "./processes.mjs";
import { inProject, onWindows, places, projectPython, root } from "./project.mjs";
import { contentOf, digest, ensure, SetupProblem } from "./steps.mjs";

/** The daemon's floor. */
const OLDEST = [3, 10];
/** The first pip that installs a dependency group. */
const PIP = "pip>=25.1";

const OFFLINE =
  "see that this machine reaches the Python package index (pip uses your pip.conf and PIP_* variables), then run the same command again; it goes on from here.";

/**
 * @param {object} [options]
 * @param {boolean} [options.dev] also what tests and checks need
 */
export async function pythonEnvironment({ dev = false } = {}) {
  const key = digest(root, await contentOf(inProject("pyproject.toml")));
  const stamps = {
    runtime: join(places.venv, "set-up-runtime"),
    dev: join(places.venv, "set-up-dev"),
  };
  const present = () => existsSync(projectPython);
  // The development environment holds the other one.
  if (!dev && (await contentOf(stamps.dev)) === key && present()) return;
  await ensure({
    title: dev ? "Python environment with the tests' packages" : "Python environment",
    stamp: dev ? stamps.dev : stamps.runtime,
    key: () => key,
    present,
    advice: OFFLINE,
    async work(run) {
      if (!(await hasPip(projectPython))) await createEnvironment(run);
      const pip = ["-m", "pip", "--disable-pip-version-check", "install"];
      await run(projectPython, [...pip, PIP], { cwd: root });
      await run(projectPython, [...pip, "--editable", ".", ...(dev ? ["--group", "dev"] : [])], {
        cwd: root,
      });
    },
  });
}

/**
 * An environment of its own for what requirements name; answers with the path of its Python.
 *
 * @param {{title: string, folder: string, requirements: string}} wanted
 */
export async function environmentOf({ title, folder, requirements }) {
  const interpreter = join(folder, onWindows ? "Scripts/python.exe" : "bin/python");
  const key = digest(root, await contentOf(requirements));
  await ensure({
    title,
    stamp: join(folder, "set-up"),
    key: () => key,
    present: () => existsSync(interpreter),
    advice: OFFLINE,
    async work(run) {
      await rm(folder, { recursive: true, force: true });
      await run(projectPython, ["-m", "venv", folder], { cwd: root });
      const pip = ["-m", "pip", "--disable-pip-version-check", "install"];
      await run(interpreter, [...pip, "--requirement", requirements], { cwd: root });
    },
  });
  return interpreter;
}

/** @param {typeof run} run */
async function createEnvironment(run) {
  const python = await findPython();
  await rm(places.venv, { recursive: true, force: true });
  await run(python, ["-m", "venv", places.venv], { cwd: root });
}

/** @param {string} python */
async function hasPip(python) {
  if (!existsSync(python)) return false;
  return run(python, ["-m", "pip", "--version"]).then(
    () => true,
    () => false,
  );
}

/** The path of a Python that can make an environment; the one called python3 first. */
export async function findPython() {
  let lackingVenv = "";
  for (const command of candidates()) {
    const found = await probe(command);
    if (found?.venv) return found.path;
    if (found) lackingVenv ||= found.path;
  }
  if (lackingVenv) {
    throw new SetupProblem(
      `${lackingVenv} is new enough, but comes without venv.`,
      "install it (on Debian and Ubuntu: apt-get install python3-venv), then run the same command again.",
    );
  }
  throw new SetupProblem(
    `No Python ${OLDEST.join(".")} or newer was found on the PATH or under pyenv.`,
    "install one (from your system's packages or python.org), then run the same command again.",
  );
}

function candidates() {
  const minors = Array.from({ length: 8 }, (_, index) => `python3.${OLDEST[1] + 7 - index}`);
  return ["python3", "python", ...minors, ...pyenvPythons()];
}

/** Those that pyenv has built but does not put on the PATH. */
function pyenvPythons() {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .filter((name) => /^3\.\d+\.\d+$/.test(name))
    .map((name) => join(versions, name, "bin", "python"));
}

const PROBE = `
import importlib.util, sys
if sys.version_info < (${OLDEST.join(", ")}): sys.exit(1)
venv = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
print(sys.executable, venv, sep="\\n")
`;

/** @param {string} command @returns {Promise<{path: string, venv: boolean} | undefined>} */
async function probe(command) {
  try {
    const [path, venv] = (await run(command, ["-c", PROBE])).trim().split(/\r?\n/);
    return { path, venv: venv === "True" };
  } catch {
    return undefined;
  }
}
