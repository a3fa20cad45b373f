// What all end-to-end tests share: the served editor with the packaged extension in it, and a browser.
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { installExtension, serve } from "../../../scripts/lib/editor.mjs";
import { places, projectPython } from "../../../scripts/lib/project.mjs";
import { browser } from "../../../scripts/lib/system.mjs";
import { keybindings } from "./clearing.ts";
import { ownFolders } from "./ownFolders.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The editor's address. */
    editor: string;
    /** Where a test connects to the browser. */
    browser: string;
    /** The folder that windows' folders are made in. */
    projects: string;
  }
}

/** The settings of a person who tests: nothing types or saves by itself, or speaks of other things. */
export const settings = {
  "relive.daemon.path": projectPython,
  // Nobody comes back to a window that a story has left.
  "relive.session.keepAliveFor": 1,
  // The web default saves by itself; what is not saved must count too.
  "files.autoSave": "off",
  "git.enabled": false,
  // Whatever else listens on this machine is nobody's business here.
  "remote.autoForwardPorts": false,
  "editor.minimap.enabled": false,
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.autoClosingBrackets": "never",
  "editor.autoClosingQuotes": "never",
  "editor.autoIndent": "none",
  "workbench.startupEditor": "none",
  // A terminal that is drawn as text can be read.
  "terminal.integrated.gpuAcceleration": "off",
  "terminal.integrated.showTerminalConfigPrompt": false,
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
};

/** No sandbox: tests may run as root, where Chromium's does not work; they open our own pages alone. */
const CHROMIUM = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** An editor that starts for the first time takes the extensions that it finds: other people's, as far as Relive asks them. */
function putStandIns(profile: string): Promise<void> {
  return cp(join(import.meta.dirname, "..", "standIns"), join(profile, "extensions"), {
    recursive: true,
  });
}

export default async function startServers(project: TestProject) {
  const profile = { folder: await mkdtemp(join(tmpdir(), "relive-e2e-")), settings, keybindings };
  const projects = join(profile.folder, "projects");
  await mkdir(projects, { recursive: true });
  await putStandIns(profile.folder);
  await installExtension(profile, places.extension);
  const env = await ownFolders(profile.folder);
  const editor = await serve(profile, { env });
  const chromiumServer = await chromium.launchServer({
    executablePath: await browser(),
    args: CHROMIUM,
  });
  project.provide("editor", editor.url);
  project.provide("projects", projects);
  project.provide("browser", chromiumServer.wsEndpoint());
  return async () => {
    await chromiumServer.close();
    await editor.stop();
    await rm(profile.folder, { recursive: true, force: true });
  };
}
