// In a folder that is not trusted nothing runs; once it is trusted, everything does.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { installExtension, serve } from "../../scripts/lib/editor.mjs";
import { runningProcesses } from "../../scripts/lib/processes.mjs";
import { places } from "../../scripts/lib/project.mjs";
import { settings } from "./harness/servers.ts";
import { test } from "./harness/test.ts";
import { EditorWindow } from "./harness/window.ts";

test("nothing is started before the folder is trusted", async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), "relive-untrusted-"));
  const profile = {
    folder: join(folder, "profile"),
    settings: { ...settings, "security.workspace.trust.startupPrompt": "never" },
  };
  await installExtension(profile, places.extension);
  const editor = await serve(profile, { trusted: false });
  try {
    const project = join(folder, "project");
    await mkdir(project);
    await writeFile(join(project, "a.py"), "1 + 1\n");
    const window = await EditorWindow.open(browser, editor.url, project, "a.py");
    await window.untilActive();
    await window.press("Alt+Enter");
    await window.command("Relive: Evaluate File");
    await expect.poll(() => window.notifications()).toMatch(/trust/i);
    await window.screenshot("not trusted");
    expect(daemonsOf(profile.folder)).toEqual([]);
    expect(await window.annotation("1 + 1")).toBe("");

    await window.command("Workspaces: Manage Workspace Trust");
    await window.page.getByRole("button", { name: "Trust", exact: true }).click();
    await window.openFile("a.py");
    await expect
      .poll(async () => {
        await window.press("Alt+Enter");
        return window.annotation("1 + 1");
      })
      .toBe("⇒ 2");
    expect(daemonsOf(profile.folder)).not.toEqual([]);
    await window.close();
  } finally {
    await editor.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** The daemons that an editor of this profile has started. */
function daemonsOf(profile: string): string[] {
  const commands = [...runningProcesses().values()].map(({ command }) => command);
  return commands.filter((command) => command.includes(profile) && command.includes("launch.py"));
}
