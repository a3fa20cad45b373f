// The packaged extension: the daemon's libraries, the notices of all that is shipped, the .vsix around them.
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { thirdPartyNotices } from "./notices.mjs";
import { clientBundle, moduleFile, sources } from "./packages.mjs";
import { inProject, places, projectPython } from "./project.mjs";
import { pythonEnvironment } from "./python.mjs";
import { packagedReadme, withoutLinks } from "./readme.mjs";
import { billOfMaterials } from "./sbom.mjs";
import { contentOf, digest, ensure, SetupProblem } from "./steps.mjs";

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
  join("client", "images", "icon.png"),
  join("server", "launch.py"),
  join("server", "relive"),
  join("bundled", "ThirdPartyNotices.txt"),
  join("bundled", "sbom.cdx.json"),
  join("bundled", "libs"),
];

/** What is left out of the libraries, and how the package is made, stands here. */
const ourselves = inProject("scripts", "lib", "extension.mjs");

/** What of it changes from day to day, and so is looked at to see whether the package is as it should be. */
const CHANGING = PACKAGED.filter((path) => path !== join("bundled", "libs"));

/**
 * `forOthers`: vsce looks for secrets in it first. That takes longer than all else, so it is done for what leaves this
 * machine, and not for what is tested on it.
 */
export async function packageExtension({ forOthers = false } = {}) {
  await pythonEnvironment();
  await clientBundle();
  await bundleLibraries();
  await ensure({
    title: "Extension package",
    stamp: join(places.cache, forOthers ? "extension-package-for-others" : "extension-package"),
    key: async () =>
      digest(
        await contentOf(requirements),
        await contentOf(ourselves),
        ...(await sources([...CHANGING, "scripts/lib/readme.mjs", "docs/images/live.gif"])),
      ),
    present: () => existsSync(places.extension),
    advice: "mend what vsce names above.",
    async work(run) {
      // Gathered first: vsce would look at every file of the checkout, and its tools are many.
      const gathered = await mkdtemp(join(tmpdir(), "relive-package-"));
      try {
        for (const path of PACKAGED) await gather(path, gathered);
        const readme = await packagedReadme(await contentOf(inProject("README.md")));
        await writeFile(join(gathered, "README.md"), readme);
        const changes = withoutLinks(await contentOf(inProject("CHANGELOG.md")));
        await writeFile(join(gathered, "CHANGELOG.md"), changes);
        await writeFile(join(gathered, ".vscodeignore"), "# All that was gathered is meant.\n");
        const unsearched = forOthers ? [] : ["--allow-package-all-secrets"];
        const args = [...VSCE, ...unsearched, "--out", places.extension];
        refuseWarnings(await run(process.execPath, args, { cwd: gathered }));
      } finally {
        await rm(gathered, { recursive: true, force: true });
      }
    },
  });
}

/** @param {string} printed what vsce said */
function refuseWarnings(printed) {
  const warnings = printed.split("\n").filter((line) => line.includes("WARNING"));
  if (warnings.length > 0) {
    throw new SetupProblem(
      `The package is made, but not as it should be:\n${warnings.join("\n")}`,
      "mend what vsce names above.",
    );
  }
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
  // No address is public yet. Once the manifest names one, both go: pictures then come from there, where the
  // README has the moving one in itself until then, which vsce takes for no picture. No link in it is relative.
  "--allow-missing-repository",
  "--no-rewrite-relative-links",
];

async function bundleLibraries() {
  await ensure({
    title: "Bundled libraries",
    stamp: join(bundled, "set-up"),
    key: async () =>
      digest(
        await contentOf(requirements),
        await contentOf(ourselves),
        await contentOf(inProject("scripts", "lib", "sbom.mjs")),
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
        await writeFile(join(aside, "sbom.cdx.json"), await billOfMaterials(libraries));
        await prune(libraries);
        await rm(bundled, { recursive: true, force: true });
        await rename(aside, bundled);
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
    },
  });
}

/** What of Pygments' languages is read: the list of them, and Python. */
const LEXERS = ["__init__.py", "_mapping.py", "python.py"];

/**
 * Takes out what is never read, as the installer's records and other languages, and jedi's stubs of libraries: they are half of the
 * package, and used only where the library itself is installed, whose source, or own stubs, jedi then reads.
 * @param {string} libraries
 */
async function prune(libraries) {
  const records = (await readdir(libraries)).filter(
    (name) => name.endsWith(".dist-info") || name === "bin",
  );
  const lexers = (await readdir(join(libraries, "pygments", "lexers"))).filter(
    (name) => !LEXERS.includes(name),
  );
  const unused = [
    ...records,
    join("jedi", "third_party", "django-stubs"),
    join("jedi", "third_party", "typeshed", "stubs"),
    ...lexers.map((name) => join("pygments", "lexers", name)),
  ];
  await Promise.all(
    unused.map((name) => rm(join(libraries, name), { recursive: true, force: true })),
  );
}
