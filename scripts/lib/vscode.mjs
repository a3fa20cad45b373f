// An installed VS Code: is there one that can be used here, and opening it with an extension.
import { run, watch } from "./processes.mjs";
import { profileArguments, writeSettings } from "./profile.mjs";
import { onPath } from "./system.mjs";

/** @typedef {import("./profile.mjs").Profile} Profile */

/** The path of VS Code's command, where it opens windows of its own. */
export function usableVsCode() {
  // In a terminal of a remote window, `code` hands files to that window and knows no other options.
  return process.env.VSCODE_IPC_HOOK_CLI === undefined ? onPath("code") : undefined;
}

/**
 * Opens paths in a window with the extension, and waits until the window is closed.
 * @param {string} code @param {Profile} profile @param {string} extension the path of a .vsix @param {string[]} paths
 * @returns the exit code
 */
export async function openInVsCode(code, profile, extension, paths) {
  await writeSettings(profile);
  // VS Code refuses to run as root without this, its sandbox being of no use there.
  const always = [
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ...profileArguments(profile),
  ];
  await run(code, [...always, "--install-extension", extension, "--force"]);
  const window = ["--new-window", "--wait", "--disable-workspace-trust"];
  return watch(code, [...always, ...window, ...paths], { mark: profile.folder });
}
