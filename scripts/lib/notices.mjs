// The licences of others' works that the packaged extension holds.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inProject, places } from "./project.mjs";

/** The licences of everything the package holds that is not ours. @param {string} libraries */
export async function thirdPartyNotices(libraries) {
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

/** Those of the packages that the client's bundles hold something of: the build writes down which. */
async function clientLicences() {
  const folders = JSON.parse(await readFile(places.clientLibraries, "utf8"));
  return Promise.all(
    folders.map(async (/** @type {string} */ folder) => {
      const { name, version } = JSON.parse(
        await readFile(inProject(folder, "package.json"), "utf8"),
      );
      return { title: `${name} ${version}`, text: await licenceIn(inProject(folder)) };
    }),
  );
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
