// A server that does not start, or not soon: it is said once and why, and what was asked for waits for it.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { installExtension, serve } from "../../scripts/lib/editor.mjs";
import { places, projectPython } from "../../scripts/lib/project.mjs";
import { ownFolders } from "./harness/ownFolders.ts";
import { settings } from "./harness/servers.ts";
import { test } from "./harness/test.ts";
import { EditorWindow } from "./harness/window.ts";

/** A Python for the server that notes each start of it, fails while `broken` is there, and waits for `go`. */
const PYTHON = (folder: string) => `#!/bin/sh
if [ "$2" != "-c" ]; then
  echo start >> '${folder}/starts'
  if [ -e '${folder}/broken' ]; then
    echo "this library is cut off" >&2
    exit 1
  fi
  while [ ! -e '${folder}/go' ]; do sleep 0.05; done
fi
exec '${projectPython}' "$@"
`;

/** In a virtual environment, as the project's own Python is one, the two prefixes differ. */
const LINE = "sys.prefix";

test("D6 D7 a server that fails is told of once, and one that is slow is waited for", async ({
  browser,
}) => {
  const folder = await mkdtemp(join(tmpdir(), "relive-server-"));
  const python = join(folder, "python");
  await writeFile(python, PYTHON(folder));
  await chmod(python, 0o755);
  await writeFile(join(folder, "broken"), "");
  const profile = {
    folder: join(folder, "profile"),
    settings: { ...settings, "relive.daemon.path": python },
  };
  await installExtension(profile, places.extension);
  const env = await ownFolders(profile.folder);
  const editor = await serve(profile, { env });
  try {
    const project = join(folder, "project");
    await mkdir(join(project, ".vscode"), { recursive: true });
    await writeFile(join(project, "a.py"), "import sys\n\nsys.prefix == sys.base_prefix\n");
    const window = await EditorWindow.open(browser, editor.url, { folder: project }, "a.py");
    await window.untilActive();
    await expect.poll(() => window.status()).toContain("not running");
    const before = await starts(folder);
    await window.caretBefore(LINE);
    await window.press("Alt+Enter");
    await expect.poll(() => window.notifications()).toContain("this library is cut off");
    await window.screenshot("the server does not start");
    expect(await starts(folder)).toBe(before + 1);
    expect((await window.notifications()).split("cut off")).toHaveLength(2);

    await rm(join(folder, "broken"));
    await window.press("Alt+Enter");
    await expect.poll(() => window.status()).toContain("starting");
    await window.screenshot("the server is slow");
    // An interpreter that is chosen meanwhile is the one that the first value comes from.
    await window.writeBehind({ ".vscode/settings.json": choosing(projectPython) });
    await expect.poll(() => window.page.title()).toBe("chosen");
    await window.press("Alt+Enter");
    await expect.poll(() => window.notifications()).toContain("settings choose the Python");
    await writeFile(join(folder, "go"), "");
    await window.untilAnnotated(LINE, /^⇒ False$/);
    expect(await starts(folder)).toBe(before + 2);
    await window.close();
  } finally {
    await editor.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** The title shows that the editor has read it. */
function choosing(python: string): string {
  return JSON.stringify({ "relive.session.pythonPath": python, "window.title": "chosen" });
}

async function starts(folder: string): Promise<number> {
  return (await readFile(join(folder, "starts"), "utf8")).trim().split("\n").length;
}
