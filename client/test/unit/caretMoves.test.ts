// What is evaluated is what the caret was on when the key was pressed, wherever it goes next.
import { expect, test, vi } from "vitest";
import { evalRun } from "../../src/commands/eval";
import { evalAdvanceRun } from "../../src/commands/evalAdvance";
import type { Context } from "../../src/context";
import type { EvaluateParams } from "../../src/protocol.gen";

const editor = vi.hoisted(() => {
  const at = (line: number) => {
    const place = { line, character: 0 };
    return { isEmpty: true, active: place, start: place, end: place, isEqual: () => false };
  };
  const uri = { scheme: "file", toString: () => "file:///a.py" };
  const document = { languageId: "python", uri };
  return { at, document, selection: at(3), selections: [at(3)] };
});

vi.mock("vscode", () => ({
  window: { activeTextEditor: editor },
  workspace: { isTrusted: true, getConfiguration: () => ({ get: () => false }) },
}));

test.each([
  ["Evaluate", evalRun],
  ["Evaluate and Advance", evalAdvanceRun],
])("%s", async (_, run) => {
  const asked: EvaluateParams[] = [];
  const context = {
    store: { at: () => [] },
    captured: { atCursor: () => undefined },
    evaluate: async (params: EvaluateParams) => {
      asked.push(params);
      return { status: "ok" };
    },
  } as unknown as Context; // SAFETY: the commands use no more of it
  editor.selection = editor.at(3);
  const running = run(context);
  editor.selection = editor.at(9); // the editor says so right behind the key
  await running;
  expect(asked).toEqual([expect.objectContaining({ position: { line: 3, character: 0 } })]);
});
