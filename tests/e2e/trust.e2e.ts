// In a folder that is not trusted nothing runs; once it is trusted, everything does.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { installExtension, serve } from "../../scripts/lib/editor.mjs";
import { runningProcesses } from "../../scripts/lib/processes.mjs";
import { places, projectPython } from "../../scripts/lib/project.mjs";
import { ownFolders } from "./harness/ownFolders.ts";
import { settings } from "./harness/servers.ts";
import { test } from "./harness/test.ts";
import { EditorWindow } from "./harness/window.ts";

test("S1 S2 S3 nothing is started before the folder is trusted and something is asked for", async ({
  browser,
}) => {
  const folder = await mkdtemp(join(tmpdir(), "relive-untrusted-"));
  const profile = {
    folder: join(folder, "profile"),
    settings: { ...settings, "security.workspace.trust.startupPrompt": "never" },
  };
  await installExtension(profile, places.extension);
  const env = await ownFolders(profile.folder);
  const editor = await serve(profile, { trusted: false, env });
  try {
    const project = join(folder, "project");
    const ran = join(folder, "ran");
    await writeFiles(project, { "a.py": "1 + 1\n", ...tripwires(ran) });
    const window = await EditorWindow.open(browser, editor.url, { folder: project }, "a.py");
    await window.untilActive();
    await window.press("Alt+Enter");
    await expect.poll(() => window.spokenStatus()).toMatch(/nothing before you trust/);
    expect(await window.offeredCommands("Relive: ")).toEqual(OFFERED);
    await window.command("Relive: Focus on Variables View");
    await expect
      .poll(() => window.welcomes())
      .toEqual(Array(3).fill(expect.stringMatching(/once you trust this workspace/)));
    await window.command("Relive: Actions…");
    await expect.poll(() => window.notifications()).toMatch(/does nothing before you trust/);
    await window.screenshot("not trusted");
    expect(daemonsOf(profile.folder)).toEqual([]);
    expect(await window.annotation("1 + 1")).toBe("");
    expect(existsSync(ran)).toBe(false);

    await window.command("Workspaces: Manage Workspace Trust");
    await window.page.getByRole("button", { name: "Trust", exact: true }).click();
    await window.openFile("a.py");
    await window.untilReady();
    expect(existsSync(ran)).toBe(false);
    await expect
      .poll(async () => {
        await window.press("Alt+Enter");
        return window.annotation("1 + 1");
      })
      .toBe("⇒ 2");
    expect(daemonsOf(profile.folder)).not.toEqual([]);
    await expect.poll(() => window.notifications()).toContain("This workspace's settings choose");
    await window.screenshot("the workspace chose the interpreter");
    await window.close();
  } finally {
    await editor.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** What starts nothing: all else that has a title of ours would. */
const OFFERED = [
  "Actions…",
  "Clear All Results",
  "Clear Result at Cursor",
  "Copy Value",
  "Focus on Changes View",
  "Focus on Definitions View",
  "Focus on Results View",
  "Focus on Variables View",
  "Open Sample",
  "Show in Results Panel",
  "Show Output",
].map((title) => `Relive: ${title}`);

/** Files that have been executed, by one program or another, for lying in a folder; each leaves a mark. */
function tripwires(mark: string): Record<string, string> {
  const python = `import os\nos.close(os.open(${JSON.stringify(mark)}, os.O_CREAT))\n`;
  const program = `#!/bin/sh\ntouch '${mark}'\nexec '${projectPython}' "$@"\n`;
  const settings = { "relive.session.pythonPath": `\${workspaceFolder}/python` };
  return {
    ".vscode/settings.json": JSON.stringify(settings),
    python: program,
    ".venv/bin/python": program,
    "sitecustomize.py": python,
    "json.py": python,
    "conftest.py": python,
    "profile_default/startup/first.py": python,
    ".env": `PYTHONSTARTUP=sitecustomize.py\n`,
    // The log of a session that somebody else has written.
    ".relive/sessions/20260101T000000-abcdef.log": "not one of ours\n",
  };
}

async function writeFiles(folder: string, files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  }
}

/** The daemons that an editor of this profile has started. */
function daemonsOf(profile: string): string[] {
  const commands = [...runningProcesses().values()].map(({ command }) => command);
  return commands.filter((command) => command.includes(profile) && command.includes("launch.py"));
}
