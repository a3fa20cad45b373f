// An editor's profile: where one editor keeps its settings, windows and extensions. Two editors with profiles of
// their own do not know of each other, nor of the editor a person works in.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * @typedef {object} Profile
 * @property {string} folder
 * @property {Record<string, unknown>} settings the user's settings, written anew at each start
 * @property {object[]} [keybindings] the user's keys, likewise
 */

/** @param {Profile} profile */
const dataFolder = ({ folder }) => join(folder, "data");

/** What any VS Code is told to use a profile. @param {Profile} profile */
export function profileArguments(profile) {
  return [
    "--user-data-dir",
    dataFolder(profile),
    "--extensions-dir",
    join(profile.folder, "extensions"),
  ];
}

/** @param {Profile} profile */
export async function writeSettings(profile) {
  const user = join(dataFolder(profile), "User");
  await mkdir(user, { recursive: true });
  await writeFile(join(user, "settings.json"), JSON.stringify(profile.settings, null, 2));
  if (profile.keybindings) {
    await writeFile(join(user, "keybindings.json"), JSON.stringify(profile.keybindings, null, 2));
  }
}
