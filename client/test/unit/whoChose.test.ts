// That a workspace's settings choose an interpreter is said, of each of its folders, once for each choice.
import { beforeEach, expect, test, vi } from "vitest";
import type { Memento } from "vscode";
import { tellWhoChose } from "../../src/python/setting";

/** What the settings of the workspace and of its folders choose, and what was said of it. */
const editor = vi.hoisted(() => ({
  workspace: undefined as string | undefined,
  folders: [] as { uri: { fsPath: string }; chosen?: string }[],
  said: [] as string[],
}));

vi.mock("vscode", () => ({
  commands: {},
  window: {
    showInformationMessage: async (message: string) => {
      editor.said.push(message.replace(/.*: /, ""));
    },
  },
  workspace: {
    get workspaceFolders() {
      return editor.folders.length === 0 ? undefined : editor.folders;
    },
    getConfiguration: (_: undefined, folder?: { chosen?: string }) => ({
      inspect: () => ({ workspaceFolderValue: folder?.chosen, workspaceValue: editor.workspace }),
    }),
  },
}));

const folder = (name: string, chosen?: string) => ({
  uri: { fsPath: `/${name}` },
  ...(chosen === undefined ? {} : { chosen }),
});

let memory: Memento;

beforeEach(() => {
  const kept = new Map<string, unknown>();
  Object.assign(editor, { workspace: undefined, folders: [], said: [] });
  memory = {
    get: <T>(key: string, fallback?: T) => (kept.get(key) as T | undefined) ?? fallback,
    update: async (key: string, value: unknown) => void kept.set(key, value),
    keys: () => [...kept.keys()],
  } as Memento; // SAFETY: what is got is what was put, as in the editor's own
});

test("nothing is said where no workspace chooses", async () => {
  editor.folders = [folder("one"), folder("two")];
  await tellWhoChose(memory);
  expect(editor.said).toEqual([]);
});

test("what any of its folders chooses is said once, and a choice that is new alone", async () => {
  editor.folders = [folder("one"), folder("two", "bin/python")];
  await tellWhoChose(memory);
  await tellWhoChose(memory);
  expect(editor.said).toEqual(["/two/bin/python"]);
  editor.folders = [folder("one", "/usr/python"), folder("two", "bin/python")];
  await tellWhoChose(memory);
  await tellWhoChose(memory);
  expect(editor.said).toEqual(["/two/bin/python", "/usr/python"]);
});

test("what an earlier version has said is not said again", async () => {
  editor.folders = [folder("one", "/usr/python")];
  await memory.update("interpreterToldOf", "/usr/python"); // it remembered one
  await tellWhoChose(memory);
  expect(editor.said).toEqual([]);
});
