// `npm start`, as a person uses it: it prints an address and a password, and Ctrl+C ends all it started.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "vitest";
import { end, exitCode, keep, runningProcesses } from "../../scripts/lib/processes.mjs";
import { inProject, places, root } from "../../scripts/lib/project.mjs";
import { test } from "./harness/test.ts";
import { EditorWindow, newPage } from "./harness/window.ts";

/** What `npm start` has printed so far, and the process. */
function start(args: string[], env: NodeJS.ProcessEnv = process.env) {
  const child = keep(process.execPath, [inProject("scripts", "start.mjs"), ...args], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      printed.text += text;
    });
  }
  return { child, printed };
}

const startedHere = () =>
  [...runningProcesses().values()].filter(
    ({ command, state }) => state !== "Z" && command.includes(places.profile),
  );

test("it serves the sample behind a password, and Ctrl+C ends everything", async ({ browser }) => {
  const { child, printed } = start(["--browser"]);
  try {
    await expect.poll(() => printed.text).toContain("Press Ctrl+C");
    const address = printed.text.match(/^ *Address +(\S+)$/m)?.[1] ?? "";
    const password = printed.text.match(/^ *Password +(\S+)$/m)?.[1] ?? "";
    expect(new URL(address).hostname).toBe("127.0.0.1");

    const page = await newPage(browser);
    await page.goto(address);
    await page.locator("input[type=password]").fill("not the password");
    await page.keyboard.press("Enter");
    await page.getByText("Incorrect password").waitFor();
    await page.locator("input[type=password]").fill(password);
    await page.keyboard.press("Enter");

    const window = new EditorWindow(page, places.samples);
    await window.untilShown("tour.py");
    await window.untilActive();
    await window.caretBefore("len(load_rows())");
    await window.press("Alt+Enter");
    await window.untilAnnotated("len(load_rows())", /^⇒ 344$/);
    await window.screenshot("npm start");
    expect(startedHere()).not.toEqual([]);
    child.kill("SIGINT");
    expect(await exitCode(child)).toBe(130);
    expect(startedHere()).toEqual([]);
    await page.close();
  } finally {
    await end(child);
  }
});

test("it uses an installed VS Code, and waits for its window to be closed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "relive-code-"));
  const log = join(folder, "calls");
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin", "code"), `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\n`);
  await chmod(join(folder, "bin", "code"), 0o755);
  const PATH = `${join(folder, "bin")}${delimiter}${process.env.PATH}`;
  const { child, printed } = start([], { ...process.env, PATH });
  try {
    expect(await exitCode(child)).toBe(0);
    const [install = "", open = ""] = (await readFile(log, "utf8")).split("\n");
    expect(install).toContain(`--install-extension ${places.extension}`);
    expect(open).toContain(`${places.samples} ${join(places.samples, "tour.py")}`);
    expect(open).toContain("--wait");
    expect(printed.text).toContain("VS Code");
  } finally {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  }
});
