// The packaged extension: the daemon's libraries, the notices of all that is shipped, the .vsix around them.
import { existsSync } from "node:fs";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { clientBundle, moduleFile, sources } from "./packages.mjs";
import { inProject, places, projectPython, root } from "./project.mjs";
import { pythonEnvironment } from "./python.mjs";
import { contentOf, digest, ensure } from "./steps.mjs";

/** The one client library that is bundled; the rest it brings itself. */
const CLIENT_LIBRARY = "vscode-languageclient";
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

export async function packageExtension() {
  await pythonEnvironment();
  await clientBundle();
  await bundleLibraries();
  await ensure({
    title: "Extension package",
    stamp: join(places.cache, "extension-package"),
    key: async () =>
      digest(
        ...(await Promise.all(PACKAGED.map(contentOf))),
        ...(await sources(inProject("server", "relive"))),
        await contentOf(requirements),
      ),
    present: () => existsSync(places.extension),
    advice: "mend what vsce names above.",
    async work(run) {
      await run(process.execPath, [...VSCE, "--out", places.extension], { cwd: root });
    },
  });
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

/** The single files whose change calls for a new package. */
const PACKAGED = [
  ...["package.json", "README.md", "CHANGELOG.md", "LICENSE", ".vscodeignore"].map((name) =>
    inProject(name),
  ),
  inProject("server", "launch.py"),
  places.clientBundle,
];

async function bundleLibraries() {
  await ensure({
    title: "Bundled libraries",
    stamp: join(bundled, "set-up"),
    key: async () =>
      digest(await contentOf(requirements), await contentOf(inProject("package-lock.json"))),
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
        await writeFile(join(aside, "ThirdPartyNotices.txt"), await notices(libraries));
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

/** The licences of everything the package holds that is not ours. @param {string} libraries */
async function notices(libraries) {
  const python = await pythonLicences(libraries);
  const client = await clientLicences();
  const parts = [...python, ...client].map(
    ({ title, text }) => `${"=".repeat(78)}\n${title}\n${"=".repeat(78)}\n\n${text.trim()}\n`,
  );
  return `The Relive extension contains the following works of others, each under its own licence.\n\n${parts.join("\n")}`;
}

/** @param {string} libraries @returns {Promise<{title: string, text: string}[]>} */
async function pythonLicences(libraries) {
  const records = (await readdir(libraries)).filter((name) => name.endsWith(".dist-info")).sort();
  const found = records.map(async (record) => ({
    title: record.replace(".dist-info", "").replace("-", " "),
    text: await licenceIn(join(libraries, record)),
  }));
  const typeshed = join(libraries, "jedi", "third_party", "typeshed");
  return [
    ...(await Promise.all(found)),
    { title: "typeshed (in jedi)", text: await licenceIn(typeshed) },
  ];
}

async function clientLicences() {
  const names = [...(await runtimeModules(CLIENT_LIBRARY))].sort();
  return Promise.all(
    names.map(async (name) => {
      const { version } = JSON.parse(await readFile(moduleFile(name, "package.json"), "utf8"));
      return { title: `${name} ${version}`, text: await licenceIn(moduleFile(name, "")) };
    }),
  );
}

/** A package and all it depends on at run time. @param {string} name @param {Set<string>} [seen] */
async function runtimeModules(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const { dependencies = {} } = JSON.parse(
    await readFile(moduleFile(name, "package.json"), "utf8"),
  );
  for (const dependency of Object.keys(dependencies)) await runtimeModules(dependency, seen);
  return seen;
}

/** The texts of a folder's licence files, in it or in `licenses` below it. @param {string} folder @returns {Promise<string>} */
async function licenceIn(folder) {
  const below = existsSync(join(folder, "licenses")) ? [join(folder, "licenses")] : [];
  const files = await Promise.all(
    [folder, ...below].map(async (place) =>
      (await readdir(place))
        .filter((name) => /^(licen[cs]e|copying|notice)/i.test(name) && name !== "licenses")
        .map((name) => join(place, name)),
    ),
  );
  const texts = await Promise.all(
    files
      .flat()
      .sort()
      .map((file) => readFile(file, "utf8")),
  );
  if (texts.length === 0)
    throw new Error(`No licence file in ${folder}: name its licence before shipping it.`);
  return texts.join("\n\n");
}
