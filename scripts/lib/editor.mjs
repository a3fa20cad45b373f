// The browser-served editor (code-server: a VS Code workbench with a real extension host): install it, serve it.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { npm } from "./packages.mjs";
import { CommandFailed, end, keep, run } from "./processes.mjs";
import { profileArguments, writeSettings } from "./profile.mjs";
import { places } from "./project.mjs";
import { findPython } from "./python.mjs";
import { digest, ensure, SetupProblem } from "./steps.mjs";
import { compiler } from "./system.mjs";

/** @typedef {import("./profile.mjs").Profile} Profile */

/** VS Code 1.100: the newest that a Node 20 serves; it runs on newer ones too. */
const VERSION = "4.100.3";

const program = join("node_modules", "code-server");
const entry = join(places.editor, program, "out", "node", "entry.js");

const ADVICE =
  "see that this machine reaches the npm registry, and that `c++` and `make` work, then run the same command again.";

export async function editor() {
  const stamp = join(places.editor, "set-up");
  await ensure({
    title: "Browser-served editor",
    stamp,
    key: () => digest(VERSION, process.versions.modules),
    present: () => existsSync(entry),
    advice: ADVICE,
    async work(run) {
      await compiler();
      // Made aside and moved into place whole, so that a cut download leaves no half an editor.
      const aside = `${places.editor}.${process.pid}`;
      try {
        await installInto(aside, run);
        await rm(places.editor, { recursive: true, force: true });
        await rename(aside, places.editor);
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
    },
  });
}

/** @param {string} folder @param {typeof run} run */
async function installInto(folder, run) {
  const vscode = join(folder, program, "lib", "vscode");
  // node-gyp needs a Python, which need not be called python3 here.
  const env = { ...process.env, NODE_GYP_FORCE_PYTHON: await findPython() };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ private: true, dependencies: { "code-server": VERSION } }),
  );
  await run(...npm("install", "--ignore-scripts"), { cwd: folder, env });
  await run(...npm("install", "--omit=dev", "--ignore-scripts"), { cwd: vscode, env });
  await run(...rebuild("@vscode/spdlog", "native-watchdog"), { cwd: vscode, env });
  await buildTerminal(vscode, env, run);
  await run(...rebuild("argon2"), { cwd: folder, env });
  await linkModules(vscode);
}

/** @param {...string} names @returns {[string, string[]]} */
const rebuild = (...names) =>
  npm("rebuild", "--ignore-scripts=false", "--foreground-scripts", ...names);

/**
 * node-pty's own step after the build fails once the library is there, so the file is asked and not the exit code.
 * @param {string} vscode @param {NodeJS.ProcessEnv} env @param {typeof run} run
 */
async function buildTerminal(vscode, env, run) {
  const library = join(vscode, "node_modules", "node-pty", "build", "Release", "pty.node");
  try {
    await run(...rebuild("node-pty"), { cwd: vscode, env });
  } catch (error) {
    if (!(error instanceof CommandFailed) || !existsSync(library)) throw error;
  }
}

/** The workbench asks for some modules under the name they have in VS Code's archive. @param {string} vscode */
async function linkModules(vscode) {
  const link = join(vscode, "node_modules.asar");
  const linked = await readlink(link).catch(() => undefined);
  if (!linked) await symlink("node_modules", link, "junction");
}

/** The environment without what would redirect the editor: a port, a password, an editor this runs inside of. */
function plainEnvironment() {
  const redirecting = /^(VSCODE_|CODE_SERVER_|PASSWORD$|HASHED_PASSWORD$|PORT$|npm_)/;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !redirecting.test(name)),
  );
}

/** @param {Profile} profile @param {...string} args */
const commandLine = (profile, ...args) => [
  entry,
  "--config",
  join(profile.folder, "config.yaml"),
  ...profileArguments(profile),
  ...args,
];

/** @param {Profile} profile @param {string} extension the path of a .vsix @param {typeof run} [runner] */
export async function installExtension(profile, extension, runner = run) {
  await mkdir(profile.folder, { recursive: true });
  const command = commandLine(profile, "--install-extension", extension, "--force");
  await runner(process.execPath, command, { env: plainEnvironment() });
}

/**
 * Serves the editor on a free loopback port until `stop` is called or this process ends.
 * @param {Profile} profile
 * @param {object} options
 * @param {string} [options.password] asked of whoever opens the page; without one, anybody on this machine may
 * @param {boolean} [options.trusted] false: ask whether a folder is trusted, as a person's own editor does
 * @param {NodeJS.ProcessEnv} [options.env] added to the environment of the editor, and of what it starts
 * @param {string} [options.folder] opened where the address names none
 */
export async function serve(profile, { password, trusted = true, env = {}, folder }) {
  await writeSettings(profile);
  // A path of a socket has a limit of about a hundred bytes; the profile's may be longer.
  const sockets = await mkdtemp(join(tmpdir(), "relive-editor-"));
  const child = keep(
    process.execPath,
    commandLine(
      profile,
      ...serverArguments(sockets, trusted, password),
      ...(folder ? [folder] : []),
    ),
    {
      stdio: ["ignore", "pipe", "pipe"],
      // A daemon that outlives its window for a while ends with the editor: it runs out of the profile.
      mark: profile.folder,
      env: { ...plainEnvironment(), ...env, ...(password ? { PASSWORD: password } : {}) },
    },
  );
  const removed = () => rm(sockets, { recursive: true, force: true });
  child.once("close", removed);
  try {
    return {
      url: await listening(child),
      ended: new Promise((resolve) => child.once("close", resolve)),
      async stop() {
        await end(child);
        await removed();
      },
    };
  } catch (error) {
    await end(child);
    throw error;
  }
}

/** @param {string} sockets @param {boolean} trusted @param {string | undefined} password */
function serverArguments(sockets, trusted, password) {
  return [
    ...["--auth", password ? "password" : "none"],
    ...["--bind-addr", "127.0.0.1:0"],
    ...["--session-socket", join(sockets, "session")],
    ...(trusted ? ["--disable-workspace-trust"] : []),
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-getting-started-override",
  ];
}

/**
 * Waits for the line that names the address; the port is the system's choice.
 * @param {import("node:child_process").ChildProcess} child @returns {Promise<string>}
 */
function listening(child) {
  /** @type {string[]} */
  const lines = [];
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        if (lines.length < 100) lines.push(line);
        const [address] = line.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
        if (address) resolve(address);
      });
    }
    child.once("close", () =>
      reject(
        new SetupProblem(
          `The editor did not start:\n${lines.join("\n")}`,
          `remove ${places.editor} and run the same command again: it is installed anew.`,
        ),
      ),
    );
  });
}
