// What has to come from the operating system: a compiler, a browser, another editor. Installed where that is ours to do.
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { onWindows, places } from "./project.mjs";
import { digest, ensure, SetupProblem } from "./steps.mjs";

const OFFLINE =
  "see that this machine reaches its package archive (`apt-get update` must pass), then run the same command again.";

const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const APPLICATIONS = [
  "/usr/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The path of a Chromium, to drive the editor with in tests. */
export async function browser() {
  const found = findBrowser();
  if (found) return found;
  if (canInstall()) await install("Chromium", ["chromium"], () => findBrowser() !== undefined);
  const installed = findBrowser();
  if (installed) return installed;
  throw new SetupProblem(
    "No Chromium was found; the tests in the real editor are driven through it.",
    "install Chromium or Google Chrome so that it is on the PATH (on Debian, as root: apt-get install chromium), then run the same command again.",
  );
}

/** Sees to Neovim, an editor that knows nothing of ours, which a test drives. */
export async function neovim() {
  const present = () => onPath("nvim") !== undefined;
  if (present()) return;
  if (canInstall()) await install("Neovim", ["neovim"], present);
  if (present()) return;
  throw new SetupProblem(
    "No Neovim was found; what other editors get is tested with it.",
    "install Neovim 0.7 or newer so that `nvim` is on the PATH (on Debian, as root: apt-get install neovim), then run the same command again.",
  );
}

/** Sees to a C++ compiler and make, which the editor's native parts are built with. */
export async function compiler() {
  const present = () => ["make", "c++"].every((name) => onPath(name) !== undefined);
  if (onWindows || present()) return;
  if (canInstall()) await install("C++ compiler", ["g++", "make"], present);
  if (present()) return;
  throw new SetupProblem(
    "No C++ compiler and make were found; three native parts of the browser-served editor are built with them.",
    "install them (on Debian and Ubuntu: apt-get install g++ make; on macOS: xcode-select --install), then run the same command again.",
  );
}

/** The path of a command, if there is such a one. @param {string} name */
export function onPath(name) {
  const endings = onWindows ? [".cmd", ".exe"] : [""];
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
    .find(isExecutable);
}

function findBrowser() {
  return APPLICATIONS.find(isExecutable) ?? BROWSERS.map(onPath).find((path) => path !== undefined);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Only root on Debian and its kin: elsewhere the machine is not ours to change. */
function canInstall() {
  return (
    process.getuid?.() === 0 && existsSync("/etc/debian_version") && onPath("apt-get") !== undefined
  );
}

/** The latest of our installations: apt-get does one at a time. @type {Promise<unknown>} */
let latest = Promise.resolve();

/** @param {string} title @param {string[]} packages @param {() => boolean} present */
function install(title, packages, present) {
  const done = latest.then(() => installNow(title, packages, present));
  latest = done.catch(() => undefined);
  return done;
}

/** @param {string} title @param {string[]} packages @param {() => boolean} present */
async function installNow(title, packages, present) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await ensure({
    title: `${title} by apt-get`,
    stamp: join(places.cache, `installed-${packages[0]}`),
    key: () => digest(...packages),
    present,
    advice: OFFLINE,
    async work(run) {
      await run("apt-get", ["update"], { env });
      await run("apt-get", ["install", "--yes", ...packages], { env });
    },
  });
}
