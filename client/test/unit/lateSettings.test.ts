// What folders' settings say is waited for where the editor reads them late, and there alone.
import { beforeEach, expect, test, vi } from "vitest";
import type { WorkspaceFolder } from "vscode";
import { untilTold } from "../../src/lateSettings";

/** What the folder's file says, what the editor knows of it, and who hears of more. */
const editor = vi.hoisted(() => ({
  file: undefined as string | undefined,
  known: {} as Record<string, unknown>,
  workspaceFile: undefined as string | undefined,
  whileReading: () => undefined as unknown,
  listeners: new Set<() => void>(),
}));

vi.mock("vscode", () => ({
  Uri: { joinPath: (_: unknown, ...names: string[]) => names.join("/") },
  workspace: {
    get workspaceFile() {
      return editor.workspaceFile;
    },
    fs: {
      readFile: async (file: unknown) => {
        expect(file).toBe(".vscode/settings.json");
        editor.whileReading();
        if (editor.file === undefined) {
          throw new Error("there is none");
        }
        return new TextEncoder().encode(editor.file);
      },
    },
    getConfiguration: () => ({
      inspect: (name: string) => ({ workspaceFolderValue: editor.known[name] }),
    }),
    onDidChangeConfiguration: (hear: () => void) => {
      editor.listeners.add(hear);
      return { dispose: () => editor.listeners.delete(hear) };
    },
  },
}));

const FOLDER = { uri: {} } as WorkspaceFolder; // SAFETY: the editor above asks it nothing
const MANIFEST = {
  contributes: {
    configuration: {
      properties: {
        "relive.python": { scope: "machine-overridable" },
        "relive.log": { scope: "resource" },
        "relive.gutter": {},
        "relive.server": { scope: "machine" },
      },
    },
  },
};

beforeEach(() => {
  vi.useFakeTimers();
  const nothing = { known: {}, workspaceFile: undefined, whileReading: () => undefined };
  Object.assign(editor, { ...nothing, file: '{ // mine\n "relive.python": "/bin/python" }' });
  editor.listeners.clear();
  return () => vi.useRealTimers();
});

/** Begins to wait, and gives, once the file is read, what tells whether it still does. */
async function waiting(): Promise<() => boolean> {
  let isOver = false;
  void untilTold([FOLDER], MANIFEST).then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return () => !isOver;
}

async function waits(): Promise<boolean> {
  return (await waiting())();
}

function tell(known: Record<string, unknown>): Promise<unknown> {
  editor.known = known;
  for (const hear of editor.listeners) {
    hear();
  }
  return vi.advanceTimersByTimeAsync(0);
}

/** No listener and no timer is left. */
function expectNothingLeft(): void {
  expect(editor.listeners.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
}

test("they are waited for until they are told, and not for what the file does not say", async () => {
  const isWaiting = await waiting();
  await tell({ "relive.log": false });
  expect(isWaiting()).toBe(true);
  await tell({ "relive.python": "/bin/python" });
  expect(isWaiting()).toBe(false);
  expectNothingLeft();
});

test("they may be told before, as empty too, or while the file is read", async () => {
  editor.known = { "relive.python": "" };
  expect(await waits()).toBe(false);
  editor.known = {};
  editor.whileReading = () => tell({ "relive.python": "/bin/python" });
  expect(await waits()).toBe(false);
  expectNothingLeft();
});

test("what the editor does not take from the file is given up", async () => {
  const isWaiting = await waiting();
  await vi.runAllTimersAsync();
  expect(isWaiting()).toBe(false);
  expectNothingLeft();
});

test("settings that the editor leaves in the file are not waited for", async () => {
  editor.file = '{ "relive.server": "python", "relive.gutter": false }';
  expect(await waits()).toBe(true);
  editor.workspaceFile = "several.code-workspace";
  expect(await waits()).toBe(false);
  editor.file = '{ "relive.server": "python", "relive.log": false }';
  expect(await waits()).toBe(true);
});

test.each([
  undefined,
  "{}",
  '{ "relive.unknown": 1 }',
  '{ // "relive.python": "/bin/python"\n}',
  '{ /* no:\n "relive.python": "/bin/python" */ }',
  '{ "a": "\\"relive.python\\"" }',
])("nothing is waited for where the file says nothing of ours: %s", async (file) => {
  editor.file = file;
  expect(await waits()).toBe(false);
  expectNothingLeft();
});

test("a string in which a comment seems to begin is none", async () => {
  editor.file = '{ "**/*.pyc": true, "relive.python": "x", "//": "**/*" }';
  expect(await waits()).toBe(true);
});
