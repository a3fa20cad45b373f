// What npm installs for the project, and the client's bundle built with it.
import { existsSync, statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inProject, onWindows, places, root } from "./project.mjs";
import { contentOf, digest, ensure } from "./steps.mjs";

const lockFile = inProject("package-lock.json");
const builder = inProject("client", "esbuild.mjs");

const ADVICE =
  "see that this machine reaches the npm registry (npm uses your .npmrc and proxy settings), then run the same command again; it goes on from here. If npm says that package.json and its lock file are not in step, `npm install` mends that.";

export async function npmPackages() {
  await ensure({
    title: "npm packages",
    stamp: join(places.modules, ".set-up"),
    key: async () => digest(JSON.stringify(await declared()), await contentOf(lockFile)),
    advice: ADVICE,
    async work(run) {
      // `ci` is exact and starts from nothing; where packages are already there, `install` only mends.
      const fresh = existsSync(lockFile) && !existsSync(places.modules);
      await run(...npm(fresh ? "ci" : "install"), { cwd: root });
    },
  });
}

/** The packages the manifest names. The rest of it changes often, and needs no npm. */
async function declared() {
  const { dependencies, devDependencies } = JSON.parse(
    await readFile(inProject("package.json"), "utf8"),
  );
  return [dependencies, devDependencies];
}

export async function clientBundle() {
  await npmPackages();
  await ensure({
    title: "Client bundle",
    stamp: inProject("client", "dist", "set-up"),
    key: async () =>
      digest(
        ...(await sources([
          "client/src",
          "client/webview",
          "client/esbuild.mjs",
          "package-lock.json",
        ])),
      ),
    present: () => existsSync(places.clientLibraries),
    advice: "the client does not build: mend what the compiler names above.",
    async work(run) {
      await run(process.execPath, [builder], { cwd: root });
    },
  });
}

/**
 * The paths and texts of files of the checkout and of all files below folders of it, for a digest.
 * @param {string[]} names @returns {Promise<string[]>}
 */
export async function sources(names) {
  const found = await Promise.all(names.map((name) => filesOf(inProject(name))));
  const paths = found.flat().filter((path) => !path.endsWith(".pyc"));
  return Promise.all(paths.map(async (path) => `${path}\n${await contentOf(path)}`));
}

/** A file itself, or all files below a folder. @param {string} path */
async function filesOf(path) {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/**
 * The command line of an npm call: the npm that runs this script where there is one.
 * @param {...string} args @returns {[string, string[]]}
 */
export function npm(...args) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith(".js")) return [process.execPath, [cli, ...args]];
  return onWindows ? ["cmd.exe", ["/c", "npm", ...args]] : ["npm", args];
}

/** The path of a program that an npm package brings. @param {string} name @param {string} file */
export const moduleFile = (name, file) => join(places.modules, name, file);
