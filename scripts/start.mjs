// `npm start`: sets up what is needed and opens Relive on the sample project, in VS Code where there is one,
// else in an editor served to the browser. Ctrl+C ends everything it started.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { editor, installExtension, serve } from "./lib/editor.mjs";
import { packageExtension } from "./lib/extension.mjs";
import { endAllOnSignals } from "./lib/processes.mjs";
import { places, projectPython } from "./lib/project.mjs";
import { digest, ensure, script } from "./lib/steps.mjs";
import { openInVsCode, usableVsCode } from "./lib/vscode.mjs";

const HELP = `npm start [-- --browser]
  opens Relive on the sample project, in VS Code if \`code\` is on the PATH
  --browser  in the browser-served editor, even so
`;

const FIRST_FILE = join(places.samples, "tour.py");

const settings = {
  // The served editor would save by itself; the tour shows that what is not saved counts.
  "files.autoSave": "off",
  "relive.daemon.path": projectPython,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
};

/** One profile for each editor: they are not of one version. @param {string} name */
const profile = (name) => ({ folder: join(places.profile, name), settings });

/** @param {string} code the path of VS Code's command */
async function startInstalled(code) {
  print(
    `Opening Relive in VS Code (${code}), in a profile of its own.\nClose its window, or press Ctrl+C here, to end it.`,
  );
  const opened = [places.samples, FIRST_FILE];
  const exit = await openInVsCode(code, profile("vscode"), places.extension, opened).catch(
    () => null,
  );
  if (exit === 0) return 0;
  print("VS Code did not open; the browser-served editor is used instead.");
  return startServed();
}

async function startServed() {
  await editor();
  const served = profile("browser");
  await installOnce(served);
  const password = randomBytes(9).toString("base64url");
  const { url, ended } = await serve(served, { password, folder: places.samples });
  print(
    `Relive is ready in your browser.\n\n  Address   ${address(url)}\n  Password  ${password}\n\nPress Ctrl+C here to end it.`,
  );
  await ended;
  process.stderr.write("The editor has ended.\n");
  return 1;
}

/** @param {import("./lib/profile.mjs").Profile} served */
async function installOnce(served) {
  const package_ = await readFile(places.extension, "latin1");
  await ensure({
    title: "Extension in the editor",
    stamp: join(served.folder, "set-up"),
    key: () => digest(package_),
    advice: `remove ${served.folder} and run the same command again.`,
    work: (run) => installExtension(served, places.extension, run),
  });
}

/** The page that has the sample project open, and its first file in it. @param {string} url */
function address(url) {
  const file = `vscode-remote://${new URL(url).host}${FIRST_FILE}`;
  const query = new URLSearchParams({
    folder: places.samples,
    payload: JSON.stringify([["openFile", file]]),
  });
  // These may stand for themselves in a query, and are easier to read so.
  const plain = { "%2F": "/", "%3A": ":", "%2C": "," };
  const readable = Object.entries(plain).reduce(
    (text, [code, character]) => text.replaceAll(code, character),
    `${query}`,
  );
  return `${url}/?${readable}`;
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`\n${text}\n`);
}

endAllOnSignals();

await script(async () => {
  const asked = process.argv.slice(2);
  if (asked.some((word) => word !== "--browser")) {
    process.stdout.write(HELP);
    return asked.includes("--help") ? 0 : 2;
  }
  await packageExtension();
  const code = asked.includes("--browser") ? undefined : usableVsCode();
  return code ? startInstalled(code) : startServed();
});
