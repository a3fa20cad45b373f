// The packaged extension: the daemon's libraries, the notices of all that is shipped, the .vsix around them.
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { thirdPartyNotices } from "./notices.mjs";
import { clientBundle, moduleFile, sources } from "./packages.mjs";
import { inProject, places, projectPython } from "./project.mjs";
import { pythonEnvironment } from "./python.mjs";
import { contentOf, digest, ensure } from "./steps.mjs";

/** One platform's files for all of them: see the requirements file. */
const PLATFORM = [
  "--platform",
  "manylinux2014_x86_64",
  "--implementation",
  "cp",
  "--python-version",
  "3.10",
];

const requirements = inProject("server", "requirements.txt");
const bundled = dirname(places.bundledLibraries);

/** All that is packaged: files and folders of the checkout. */
const PACKAGED = [
  "package.json",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
  join("client", "dist", "extension.js"),
  join("client", "dist", "webview"),
  join("client", "walkthrough"),
  join("server", "launch.py"),
  join("server", "relive"),
  join("bundled", "ThirdPartyNotices.txt"),
  join("bundled", "libs"),
];

/** What of it changes from day to day, and so is looked at to see whether the package is as it should be. */
const CHANGING = PACKAGED.filter((path) => path !== join("bundled", "libs"));

export async function packageExtension() {
  await pythonEnvironment();
  await clientBundle();
  await bundleLibraries();
  await ensure({
    title: "Extension package",
    stamp: join(places.cache, "extension-package"),
    key: async () => digest(await contentOf(requirements), ...(await sources(CHANGING))),
    present: () => existsSync(places.extension),
    advice: "mend what vsce names above.",
    async work(run) {
      // Gathered first: vsce would look at every file of the checkout, and its tools are many.
      const gathered = await mkdtemp(join(tmpdir(), "relive-package-"));
      try {
        for (const path of PACKAGED) await gather(path, gathered);
        await run(process.execPath, [...VSCE, "--out", places.extension], { cwd: gathered });
      } finally {
        await rm(gathered, { recursive: true, force: true });
      }
    },
  });
}

/** @param {string} path @param {string} folder */
async function gather(path, folder) {
  if (!existsSync(inProject(path))) return;
  const isSource = (/** @type {string} */ name) => !name.includes("__pycache__");
  await cp(inProject(path), join(folder, path), { recursive: true, filter: isSource });
}

const VSCE = [
  moduleFile("@vscode/vsce", "vsce"),
  "package",
  // The client is one bundled file.
  "--no-dependencies",
  "--allow-missing-repository",
  "--no-rewrite-relative-links",
  // Its search for secrets takes minutes over jedi's stubs. A test holds the contents to a list.
  "--allow-package-all-secrets",
  "--allow-package-env-file",
];

async function bundleLibraries() {
  await ensure({
    title: "Bundled libraries",
    stamp: join(bundled, "set-up"),
    key: async () =>
      digest(
        await contentOf(requirements),
        await contentOf(inProject("package-lock.json")),
        await contentOf(places.clientLibraries),
      ),
    present: () => existsSync(places.bundledLibraries),
    advice:
      "see that this machine reaches the Python package index, then run the same command again. A hash that does not match means the index gave another file than the one that was reviewed: do not go on.",
    async work(run) {
      const aside = `${bundled}.${process.pid}`;
      const libraries = join(aside, "libs");
      try {
        const exact = [
          "--require-hashes",
          "--no-deps",
          "--only-binary=:all:",
          "--no-compile",
          ...PLATFORM,
        ];
        await run(projectPython, [
          "-m",
          "pip",
          "--disable-pip-version-check",
          "install",
          ...exact,
          "--target",
          libraries,
          "--requirement",
          requirements,
        ]);
        await writeFile(join(aside, "ThirdPartyNotices.txt"), await thirdPartyNotices(libraries));
        await prune(libraries);
        await rm(bundled, { recursive: true, force: true });
        await rename(aside, bundled);
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
    },
  });
}

/** Takes out what the daemon never reads: the installer's records, and jedi's stubs for Django. @param {string} libraries */
async function prune(libraries) {
  const records = (await readdir(libraries)).filter(
    (name) => name.endsWith(".dist-info") || name === "bin",
  );
  const unused = [...records, join("jedi", "third_party", "django-stubs")];
  await Promise.all(
    unused.map((name) => rm(join(libraries, name), { recursive: true, force: true })),
  );
}
