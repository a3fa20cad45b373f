// Choosing interpreters: real files, run as they are, never by a shell.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LogOutputChannel, WorkspaceFolder } from "vscode";
import { daemonCommand } from "../../src/python/daemonPython";
import { type EnvironmentProvider, Environments } from "../../src/python/environment";
import { expand, interpreterOf, onPath } from "../../src/python/paths";
import type { Trusted } from "../../src/trust";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "relive python $(touch x);'-"));
  vi.stubEnv("PATH", join(folder, "bin"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A program that says what `python -I -c …` of that version says. */
function interpreter(path: string, version: string): string {
  const program = join(folder, path);
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(program, `#!/bin/sh\necho ${version}\n`);
  chmodSync(program, 0o755);
  return program;
}

// SAFETY: a test may start what it made itself.
const trusted = {} as Trusted;

describe("the daemon's Python", () => {
  const choose = (more: { setting?: string; interpreter?: string }) =>
    daemonCommand(trusted, { extensionPath: folder, setting: "", interpreter: undefined, ...more });

  test("a checkout has its own", async () => {
    const own = interpreter(".venv/bin/python", "3 12");
    expect(await choose({})).toEqual({ command: own, args: ["-I", "-m", "relive"] });
  });

  test("an installed extension takes the first on the PATH that is new enough", async () => {
    interpreter("server/launch.py", "");
    interpreter("bin/python3", "3 8");
    const newer = interpreter("bin/python", "3 10");
    const launcher = join(folder, "server", "launch.py");
    expect(await choose({})).toEqual({ command: newer, args: ["-I", launcher] });
  });

  test("or else the user's own", async () => {
    const users = interpreter("environment/bin/python", "3 14");
    expect((await choose({ interpreter: users })).command).toBe(users);
  });

  test("none that is new enough: what was found and what to do", async () => {
    const old = interpreter("bin/python3", "3 8");
    await expect(choose({})).rejects.toThrow(`needs Python 3.10 or newer. Found: ${old} (3.8)`);
  });

  test("the setting is taken, and must be good", async () => {
    interpreter("bin/python3", "3 12");
    const chosen = interpreter("chosen", "3 11");
    expect((await choose({ setting: chosen })).command).toBe(chosen);
    const old = interpreter("old", "3 9");
    await expect(choose({ setting: old })).rejects.toThrow("which is Python 3.9");
    await expect(choose({ setting: "python3" })).rejects.toThrow("which is no Python");
  });
});

describe("the user's Python", () => {
  // SAFETY: these two are all that is used of a log.
  const log = { info: () => undefined, warn: () => undefined } as unknown as LogOutputChannel;
  const knows = (path: string | undefined): EnvironmentProvider => ({
    name: "one",
    find: async () => path,
  });

  test("is the first that any provider knows", async () => {
    const environments = new Environments([knows(undefined), knows("/a"), knows("/b")], log);
    expect(await environments.interpreter(undefined)).toBe("/a");
  });

  test("is each folder's own", async () => {
    // SAFETY: name and URI are all that is used of a folder.
    const folders = ["one", "two"].map(
      (name) => ({ name, uri: { toString: () => `file:///${name}` } }) as WorkspaceFolder,
    );
    const found: Record<string, string> = { one: "/one/python", two: "/two/python" };
    const byFolder = { name: "own", find: async (of?: WorkspaceFolder) => found[of?.name ?? ""] };
    const environments = new Environments([byFolder, knows("/other")], log);
    expect(await environments.chosen(folders)).toEqual({
      interpreter: "/one/python",
      interpreters: { "file:///one": "/one/python", "file:///two": "/two/python" },
    });
    expect((await environments.chosen([])).interpreter).toBe("/other");
  });

  test("one that does not answer is not waited for, and asked again once it does", async () => {
    vi.useFakeTimers();
    let say: (path: string) => void = () => undefined;
    const said = new Promise<string>((resolve) => {
      say = resolve;
    });
    const slow = { name: "slow", find: () => said };
    const environments = new Environments([slow, knows("/b")], log);
    const changed = vi.fn();
    environments.watch(changed);
    const answer = environments.interpreter(undefined);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await answer).toBe("/b");
    expect(changed).not.toHaveBeenCalled();
    say("/a");
    await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(await environments.interpreter(undefined)).toBe("/a");
    vi.useRealTimers();
  });

  test("a virtual environment's folder has one, or not", () => {
    const python = interpreter("env/bin/python", "3 12");
    expect(interpreterOf(join(folder, "env"))).toBe(python);
    expect(interpreterOf(folder)).toBeUndefined();
  });

  test("relative entries of the PATH are not looked in", () => {
    const python = interpreter("bin/python3", "3 12");
    vi.stubEnv("PATH", `.:bin::${join(folder, "bin")}`);
    expect(onPath("python3")).toEqual([python]);
  });

  test.each([
    [`\${workspaceFolder}/.venv/bin/python`, "/w s/.venv/bin/python"],
    [".venv/bin/python", "/w s/.venv/bin/python"],
    ["~/python", join(homedir(), "python")],
    ["/usr/bin/python3", "/usr/bin/python3"],
  ])("%s in a setting is %s", (path, expected) => {
    expect(expand(path, "/w s")).toBe(expected);
  });
});
