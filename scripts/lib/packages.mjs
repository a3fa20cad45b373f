// What npm installs for the project, and the client's bundle built with it.
import { existsSync } from "node:fs";
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
        ...(await sources(inProject("client", "src"))),
        await contentOf(builder),
        await contentOf(lockFile),
      ),
    present: () => existsSync(places.clientBundle),
    advice: "the client does not build: mend what the compiler names above.",
    async work(run) {
      await run(process.execPath, [builder], { cwd: root });
    },
  });
}

/** The paths and texts of all files below a folder, for a digest. @param {string} folder @returns {Promise<string[]>} */
export async function sources(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".pyc"));
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Promise.all(paths.map(async (path) => `${path}\n${await readFile(path, "utf8")}`));
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
