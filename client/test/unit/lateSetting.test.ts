// What a folder's settings say is waited for where the editor reads them late, and there alone.
import { beforeEach, expect, test, vi } from "vitest";
import type { WorkspaceFolder } from "vscode";
import { untilTold } from "../../src/python/lateSetting";

/** What the file says, what the editor knows of it, and who is told that it knows. */
const editor = vi.hoisted(() => ({
  file: undefined as string | undefined,
  told: undefined as string | undefined,
  whileReading: () => undefined as unknown,
  listeners: new Set<() => void>(),
}));

vi.mock("vscode", () => ({
  Uri: { joinPath: (_: unknown, ...names: string[]) => names.join("/") },
  workspace: {
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
    getConfiguration: () => ({ inspect: () => ({ workspaceFolderValue: editor.told }) }),
    onDidChangeConfiguration: (hear: () => void) => {
      editor.listeners.add(hear);
      return { dispose: () => editor.listeners.delete(hear) };
    },
  },
}));

const FOLDER = { uri: {} } as WorkspaceFolder; // SAFETY: the editor above asks it nothing
const NAMED = '{ // mine\n "relive.session.pythonPath": "/bin/python" }';

beforeEach(() => {
  vi.useFakeTimers();
  editor.listeners.clear();
  Object.assign(editor, { file: NAMED, told: undefined, whileReading: () => undefined });
  return () => vi.useRealTimers();
});

/** Whether it waits, as soon as the file has been read. */
async function waits(): Promise<boolean> {
  let isOver = false;
  void untilTold("relive.session.pythonPath", FOLDER).then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return !isOver;
}

function tell(value?: string): Promise<unknown> {
  editor.told = value;
  for (const hear of editor.listeners) {
    hear();
  }
  return vi.advanceTimersByTimeAsync(0);
}

test("it is waited for until it is told, and not for other settings", async () => {
  const told = vi.fn();
  void untilTold("relive.session.pythonPath", FOLDER).then(told);
  await vi.advanceTimersByTimeAsync(0);
  await tell(undefined);
  expect(told).not.toHaveBeenCalled();
  await tell("/bin/python");
  expect(told).toHaveBeenCalled();
  expect(editor.listeners.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test("it may be told while the file is read", async () => {
  editor.whileReading = () => tell("/bin/python");
  expect(await waits()).toBe(false);
  expect(editor.listeners.size).toBe(0);
});

test("one that the editor does not take from the file is given up", async () => {
  expect(await waits()).toBe(true);
  await vi.runAllTimersAsync();
  expect(editor.listeners.size).toBe(0);
});

test.each([
  undefined,
  "{}",
  '{ "relive.session.cwd": "file" }',
  '{ // "relive.session.pythonPath": "/bin/python"\n}',
  '{ /* no:\n "relive.session.pythonPath": "/bin/python" */ }',
  '{ "a": "\\"relive.session.pythonPath\\"" }',
])("nothing is waited for where the file says nothing of it: %s", async (file) => {
  editor.file = file;
  expect(await waits()).toBe(false);
});

test("comments are told from what looks like one in a string", async () => {
  editor.file = '{ "**/*.pyc": true, "relive.session.pythonPath": "x", "//": "**/*" }';
  expect(await waits()).toBe(true);
});

test("what is told is not looked for in a file", async () => {
  editor.told = "";
  editor.whileReading = () => {
    throw new Error("it was looked for");
  };
  expect(await waits()).toBe(false);
});
