// In which order those are asked who may know the user's interpreter: each of them, when those before know nothing.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LogOutputChannel, WorkspaceFolder } from "vscode";
import { environmentsOf } from "../../src/python/providers";

/** What the editor knows: its settings, and other extensions' exports. */
const known = vi.hoisted(() => ({
  settings: {} as Record<string, string>,
  exports: {} as Record<string, object>,
}));

vi.mock("vscode", () => ({
  Uri: { file: (fsPath: string) => ({ fsPath }) },
  commands: {},
  extensions: {
    getExtension: (id: string) => known.exports[id] && { activate: async () => known.exports[id] },
  },
  window: {},
  workspace: {
    getConfiguration: () => ({
      get: (name: string, fallback: string) => known.settings[name] ?? fallback,
    }),
  },
}));

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "relive-providers-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

function program(path: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  chmodSync(file, 0o755);
  return file;
}

/** Everybody knows one of its own; gives who knows which, and how each forgets. */
function everybodyKnows(): [path: string, forget: () => void][] {
  const paths = {
    setting: program("setting"),
    environments: program("environments"),
    python: program("python"),
    workspace: program("folder/.venv/bin/python"),
    machine: program("bin/python3"),
  };
  vi.stubEnv("PATH", join(root, "bin"));
  known.settings = { "relive.session.pythonPath": paths.setting };
  const run = { executable: paths.environments };
  known.exports = {
    "ms-python.vscode-python-envs": { getEnvironment: async () => ({ execInfo: { run } }) },
    "ms-python.python": {
      environments: {
        getActiveEnvironmentPath: () => ({ id: "", path: paths.python }),
        resolveEnvironment: async () => undefined,
      },
    },
  };
  return [
    [paths.setting, () => (known.settings = {})],
    [paths.environments, () => delete known.exports["ms-python.vscode-python-envs"]],
    [paths.python, () => delete known.exports["ms-python.python"]],
    [paths.workspace, () => rmSync(paths.workspace)],
    [paths.machine, () => rmSync(paths.machine)],
  ];
}

test("the setting, the Python Environments extension, the Python extension, .venv, python3, none", async () => {
  // SAFETY: these two are all that is used of a log, and name and URI of a folder.
  const log = { info: () => undefined, warn: () => undefined } as unknown as LogOutputChannel;
  const folder = { name: "folder", uri: { fsPath: join(root, "folder") } } as WorkspaceFolder;
  const environments = environmentsOf(log);
  const order = everybodyKnows();
  for (const [path, forget] of order) {
    expect(await environments.interpreter(folder)).toBe(path);
    forget();
  }
  expect(await environments.interpreter(folder)).toBeUndefined();
});
