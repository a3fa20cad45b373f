// @ts-check
// Presses a key in the real editor, asked as `asked.py` is: in a file of Python, where Relive evaluates, and in one of
// text beside it, where the tiniest extension draws a constant on the same key. The time is the page's own: from the
// key's event to the change of the document that draws the value.
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { installExtension, serve } from "../../../scripts/lib/editor.mjs";
import { endAllOnSignals } from "../../../scripts/lib/processes.mjs";
import { places, projectPython } from "../../../scripts/lib/project.mjs";
import { browser } from "../../../scripts/lib/system.mjs";

/** @typedef {import("playwright-core").Page} Page */

const OURS = "relive.py";
const CONSTANT = "constant.txt";
const TEXT = "1+1\n";
const VALUE = "⇒\u00a02";
const KEY = "Alt+Enter";
const CLEAR = "Control+Shift+Alt+F9";
const GROUP = ".editor-group-container.active";
const PATIENCE_MS = 60_000;

const settings = {
  "relive.daemon.path": projectPython,
  "files.autoSave": "off",
  "git.enabled": false,
  "editor.minimap.enabled": false,
  "remote.autoForwardPorts": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
};
const clear = CLEAR.toLowerCase().replace("control", "ctrl");
const keybindings = [
  { key: clear, command: "relive.clearAll", when: `resourceFilename == ${OURS}` },
  { key: clear, command: "tiniest.clear", when: `resourceFilename == ${CONSTANT}` },
];

/** What is to be undone at the end, the latest first. @type {(() => Promise<unknown>)[]} */
const endings = [];

/** @param {string} folder */
async function served(folder) {
  const profile = { folder, settings, keybindings };
  // Before the first start, at which the editor takes the extensions that it finds.
  const tiniest = join(folder, "extensions", "tiniest");
  await cp(join(import.meta.dirname, "tiniest"), tiniest, { recursive: true });
  await installExtension(profile, places.extension);
  const env = { XDG_STATE_HOME: join(folder, "state"), XDG_RUNTIME_DIR: join(folder, "run") };
  for (const each of Object.values(env)) await mkdir(each, { mode: 0o700, recursive: true });
  const editor = await serve(profile, { env });
  endings.unshift(() => editor.stop());
  return editor.url;
}

/** Both files, side by side. @param {string} url @param {string} project */
async function opened(url, project) {
  await mkdir(project);
  for (const file of [OURS, CONSTANT]) await writeFile(join(project, file), TEXT);
  // No sandbox: this may be run as root, where Chromium's does not work; it opens our own page alone.
  const args = ["--no-sandbox", "--disable-gpu", "--no-first-run"];
  const chrome = await chromium.launch({ executablePath: await browser(), args });
  endings.unshift(() => chrome.close());
  const page = await chrome.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  const first = `vscode-remote://${new URL(url).host}${join(project, OURS)}`;
  const payload = JSON.stringify([["openFile", first]]);
  await page.goto(`${url}/?${new URLSearchParams({ folder: project, payload })}`);
  endings.unshift(() => page.goto("about:blank"));
  await untilOn(page, OURS);
  const status = page.locator('.statusbar-item[id^="relive."][id$=".status"]');
  await status.filter({ hasText: /^\s*Relive\s*$/ }).waitFor();
  await openBeside(page, join(project, CONSTANT));
  return page;
}

/** @param {Page} page @param {string} path */
async function openBeside(page, path) {
  const file = basename(path);
  await page.keyboard.press("Control+p");
  const picker = page.locator(".quick-input-widget:visible");
  await picker.locator("input").fill(path);
  await picker.locator(".monaco-list-row.focused", { hasText: file }).waitFor();
  await page.keyboard.press("Control+Enter");
  await untilOn(page, file);
}

/** Waits until keys go to the text of a file. @param {Page} page @param {string} file */
async function untilOn(page, file) {
  await page.locator(`${GROUP} .tab.active[data-resource-name="${file}"]`).waitFor();
  await page.locator(`${GROUP} .monaco-editor.focused .view-line`).first().waitFor();
}

/** The seconds until the value is drawn. @param {Page} page @param {string} file */
async function pressed(page, file) {
  await page.keyboard.press(`Control+${file === OURS ? 1 : 2}`);
  await untilOn(page, file);
  const drawn = await page.evaluateHandle(watched, [GROUP, VALUE]);
  await page.keyboard.press(KEY);
  const ms = await drawn.evaluate(({ after }) => after);
  await page.keyboard.press(CLEAR);
  await page.waitForFunction(isBlank, [GROUP, VALUE]);
  return ms / 1000;
}

/** Runs in the page. In an object, since a promise would be waited for. @param {string[]} where */
function watched([group = "", value = ""]) {
  const lines = document.querySelector(`${group} .monaco-editor .view-lines`);
  if (!lines) throw new Error("there is no text");
  const isDrawn = () =>
    [...lines.querySelectorAll("span span")].some((span) =>
      getComputedStyle(span, "::after").content.includes(value),
    );
  /** @type {Promise<number>} */
  const key = new Promise((resolve) => {
    /** @param {KeyboardEvent} event */
    const listen = (event) => {
      if (event.key !== "Enter") return; // the others are held with it
      document.removeEventListener("keydown", listen, true);
      resolve(event.timeStamp);
    };
    document.addEventListener("keydown", listen, true);
  });
  /** @type {Promise<number>} */
  const change = new Promise((resolve, reject) => {
    const observer = new MutationObserver(() => {
      if (!isDrawn()) return;
      observer.disconnect();
      resolve(performance.now());
    });
    observer.observe(lines, { subtree: true, childList: true, attributes: true });
    setTimeout(() => reject(new Error("nothing was drawn")), 60_000);
  });
  return { after: Promise.all([key, change]).then(([from, until]) => until - from) };
}

/** Runs in the page. @param {string[]} where */
function isBlank([group = "", value = ""]) {
  const spans = document.querySelectorAll(`${group} .monaco-editor .view-lines span span`);
  return ![...spans].some((span) => getComputedStyle(span, "::after").content.includes(value));
}

async function end() {
  for (const each of endings) await each();
}

endAllOnSignals();

try {
  const folder = await mkdtemp(join(tmpdir(), "relive-keys-"));
  endings.unshift(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));
  const page = await opened(await served(folder), join(folder, "project"));
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${await pressed(page, JSON.parse(line).file)}\n`);
  }
} finally {
  await end();
}
