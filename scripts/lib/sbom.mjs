// The bill of materials of the packaged extension: all works of others in it, in CycloneDX's format, from the lock files.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inProject, places } from "./project.mjs";

/**
 * @typedef {object} Component
 * @property {"library"} type
 * @property {string} name
 * @property {string} version
 * @property {string} purl
 * @property {string} bom-ref
 * @property {object[]} licenses
 * @property {{alg: string, content: string}[]} hashes of the file that the registry gave
 * @property {object[]} [components] what it holds of others
 */

/** The same for the same lock files: nothing in it tells when or where it was made. @param {string} libraries */
export async function billOfMaterials(libraries) {
  const { name, version, license } = await json(inProject("package.json"));
  // npm may have laid the same version of a package into several folders.
  const all = [...(await pythonComponents(libraries)), ...(await clientComponents())];
  const components = [...new Map(all.map((each) => [each.purl, each])).values()];
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": name,
        name,
        version,
        licenses: [{ expression: license }],
      },
    },
    components,
    dependencies: [{ ref: name, dependsOn: components.map((each) => each["bom-ref"]) }],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** @param {string} libraries with the installer's records */
async function pythonComponents(libraries) {
  const pinned = pins(await readFile(inProject("server", "requirements.txt"), "utf8"));
  const records = (await readdir(libraries)).filter((name) => name.endsWith(".dist-info")).sort();
  return Promise.all(
    records.map(async (record) => {
      const metadata = headers(await readFile(join(libraries, record, "METADATA"), "utf8"));
      const name = (metadata.get("Name")?.[0] ?? record).toLowerCase().replace(/[-_.]+/g, "-");
      const version = metadata.get("Version")?.[0] ?? "";
      const digest = pinned.get(`${name}==${version}`);
      if (!digest) throw new Error(`${record} is not among the daemon's pinned libraries.`);
      const made = component(name, version, `pkg:pypi/${name}@${version}`, licenceOf(metadata), [
        { alg: "SHA-256", content: digest },
      ]);
      return name === "jedi" ? { ...made, components: [typeshed] } : made;
    }),
  );
}

/** jedi carries a copy of it, without a version. */
const typeshed = {
  type: "library",
  name: "typeshed",
  "bom-ref": "typeshed-in-jedi",
  licenses: [{ expression: "Apache-2.0 AND MIT" }],
};

async function clientComponents() {
  const folders = /** @type {string[]} */ (await json(places.clientLibraries));
  const { packages } = await json(inProject("package-lock.json"));
  return folders.map((folder) => {
    const { version, integrity, license } = packages[folder];
    const name = folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
    const [algorithm, digest] = integrity.split("-", 2);
    const content = Buffer.from(digest, "base64").toString("hex");
    const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
    return component(name, version, purl, license, [
      { alg: algorithm.toUpperCase().replace("SHA", "SHA-"), content },
    ]);
  });
}

/**
 * @param {string} name @param {string} version @param {string} purl @param {string} licence
 * @param {{alg: string, content: string}[]} hashes @returns {Component}
 */
function component(name, version, purl, licence, hashes) {
  const licenses = [
    isExpression(licence) ? { expression: licence } : { license: { name: licence } },
  ];
  return { type: "library", name, version, purl, "bom-ref": purl, licenses, hashes };
}

/** Whether a text is one of SPDX's identifiers, or several joined. @param {string} licence */
const isExpression = (licence) => /^\(?[\w.+-]+( (AND|OR|WITH) [\w.+-]+)*\)?$/.test(licence);

/** By `name==version`, the digest of the one file. @param {string} requirements */
function pins(requirements) {
  const found = requirements.matchAll(/^([\w.-]+)==(\S+) \\\n\s+--hash=sha256:(\w+)/gm);
  return new Map(
    [...found].map(([, name = "", version, digest]) => [
      `${name.toLowerCase().replace(/[-_.]+/g, "-")}==${version}`,
      digest,
    ]),
  );
}

/** The headers of a package's metadata, by name: several may have the same. @param {string} text */
function headers(text) {
  const [head = ""] = text.split(/\r?\n\r?\n/, 1);
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const [, name = "", value = ""] of head.matchAll(/^([\w-]+): (.*)$/gm)) {
    found.set(name, [...(found.get(name) ?? []), value.trim()]);
  }
  return found;
}

/** @param {Map<string, string[]>} metadata */
function licenceOf(metadata) {
  const classifiers = metadata.get("Classifier") ?? [];
  const [classified] = classifiers.filter((each) => each.startsWith("License :: "));
  const named = metadata.get("License-Expression") ?? metadata.get("License");
  const licence = named?.[0] ?? classified?.split(" :: ").at(-1);
  if (licence) return licence;
  throw new Error(`${metadata.get("Name")} names no licence: look for it before shipping it.`);
}

/** @param {string} file */
const json = async (file) => JSON.parse(await readFile(file, "utf8"));
