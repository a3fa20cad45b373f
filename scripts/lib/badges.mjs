// Badges: two words of a fact each, as pictures that no one else's server draws.
import { readFile } from "node:fs/promises";
import { inProject } from "./project.mjs";

/** Of Verdana at 11 pixels, as wide as its wide letters are: words have room, whatever font there is. */
const LETTER = 7.2;
const ROOM = 12;

/**
 * @typedef {object} Badge
 * @property {string} file
 * @property {string} says
 * @property {string} drawing
 */

/** What is said, and where it is known from. @returns {Promise<Badge[]>} */
export async function badges() {
  const manifest = JSON.parse(await readFile(inProject("package.json"), "utf8"));
  const project = await readFile(inProject("pyproject.toml"), "utf8");
  const worker = found(project, /"server\/relive\/worker\/\*\*[^"]*" = "py3(\d+)"/);
  const server = found(project, /^requires-python = ">=3\.(\d+)"$/m);
  const editor = found(manifest.engines.vscode, /^\^(\d+\.\d+)\.0$/);
  return [
    badge("license", "license", manifest.license),
    badge("python", "your code", `CPython 3.${worker}+`),
    badge("server", "its server", `Python 3.${server}+`),
    badge("vscode", "VS Code", `${editor}+`),
  ];
}

/** @param {string} text @param {RegExp} pattern */
function found(text, pattern) {
  const [, part] = pattern.exec(text) ?? [];
  if (part === undefined) throw new Error(`${pattern} is not in what was read`);
  return part;
}

/** @param {string} name @param {string} what @param {string} value @returns {Badge} */
function badge(name, what, value) {
  const file = `docs/images/badge-${name}.svg`;
  return { file, says: `${what}: ${value}`, drawing: drawn(what, value) };
}

/** @param {string} what @param {string} value */
function drawn(what, value) {
  const [left, right] = [widthOf(what), widthOf(value)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${what}: ${value}">
  <title>${what}: ${value}</title>
  <rect width="${left}" height="20" fill="#3b4046"/>
  <rect x="${left}" width="${right}" height="20" fill="#0b5f52"/>
  <g fill="#fff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11" text-anchor="middle">
    <text x="${left / 2}" y="14">${what}</text>
    <text x="${left + right / 2}" y="14">${value}</text>
  </g>
</svg>
`;
}

/** @param {string} text */
function widthOf(text) {
  return Math.round(text.length * LETTER + ROOM);
}
