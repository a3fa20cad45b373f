// What is evaluated where the editor has several carets, and that it is said.
import { expect, test, vi } from "vitest";
import { evalRun } from "../../src/commands/eval";
import { evalAdvanceRun } from "../../src/commands/evalAdvance";
import type { Context } from "../../src/context";

const active = { line: 2, character: 0 };
const selection = { active, isEmpty: true };
const editor = vi.hoisted(() => ({ selections: [] as unknown[] }));

vi.mock("vscode", () => ({
  window: {
    get activeTextEditor() {
      const uri = { scheme: "file", toString: () => "file:///a.py" };
      return { document: { languageId: "python", uri }, selection, ...editor };
    },
  },
  workspace: { getConfiguration: () => ({ get: () => false }) },
}));

/** As much of the client as it takes: what it says, and what it evaluates. */
function client() {
  const said: string[] = [];
  const evaluated: unknown[] = [];
  const context = {
    captured: { atCursor: () => undefined },
    store: { at: () => [] },
    messages: { notice: (message: string) => said.push(message) },
    evaluate: async (params: unknown) => {
      evaluated.push(params);
      return { status: "error" };
    },
  };
  const client = context as unknown as Context; // SAFETY: the commands use no more of it
  return { context: client, said, evaluated };
}

test.each([evalRun, evalAdvanceRun])(
  "of several carets it is said that one counts",
  async (run) => {
    const { context, said, evaluated } = client();
    editor.selections = [selection, selection, selection];
    await run(context);
    expect(said).toEqual(["of 3 carets only the first one's code is evaluated"]);
    expect(evaluated).toEqual([{ uri: "file:///a.py", scope: "form", position: active }]);
  },
);

test("of the one caret that there is nothing is said", async () => {
  const { context, said, evaluated } = client();
  editor.selections = [selection];
  await evalRun(context);
  expect(said).toEqual([]);
  expect(evaluated).toHaveLength(1);
});
