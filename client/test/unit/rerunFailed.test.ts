// What failed and is evaluated again runs from the state before it: where that is wished, and as it turns out.
import { beforeEach, expect, test, vi } from "vitest";
import { rerunFailed } from "../../src/commands/rerunFromHere";
import type { Context } from "../../src/context";
import { RERUN_FROM_HERE, RERUN_OFFER, type RewindOffer, SESSION } from "../../src/protocol.gen";

const editor = vi.hoisted(() => ({
  isWished: true,
  answer: undefined as string | undefined,
  asked: [] as string[],
}));

vi.mock("vscode", () => {
  const uri = { scheme: "file", toString: () => "file:///a.py" };
  return {
    window: {
      activeTextEditor: {
        document: { languageId: "python", uri },
        selection: { active: { line: 0 } },
      },
      showWarningMessage: async (message: string, { detail }: { detail: string }) => {
        editor.asked.push(`${message} ${detail}`);
        return editor.answer;
      },
    },
    workspace: {
      isTrusted: true,
      getConfiguration: () => ({ get: () => editor.isWished }),
    },
  };
});

const OFFER: RewindOffer = {
  ...{ evaluation: 7, knownAs: [7], label: "x", by: "checkpoint", discards: 1 },
  ...{ warnings: [], unwatched: [], again: [], lastReplayMs: null },
};

interface State {
  kind: string;
  isInCall: boolean;
  offer: RewindOffer;
  status: string;
}

/** As much of the client as it takes: what is at the cursor, and a daemon that notes what it is asked for. */
function client({ kind, isInCall, offer, status }: State) {
  const done: string[] = [];
  const answers: Record<string, unknown> = {
    [RERUN_OFFER]: { back: offer, runs: ["x"] },
    [RERUN_FROM_HERE]: {
      session: {
        rewind: { evaluation: 7, by: "checkpoint", warnings: [], unwatched: [], replayed: 0 },
      },
      ran: [{ status }],
      left: [],
    },
    [SESSION]: { checkpoints: [] },
  };
  const ask = async ({ name }: { name: string }) => {
    done.push(name);
    return answers[name];
  };
  const here = { nature: "result", content: { kind }, result: "7:1", expired: false, doubt: null };
  const context = {
    store: { at: () => [here] },
    captured: { atCursor: () => (isInCall ? {} : undefined) },
    daemon: { execute: (_: unknown, command: { name: string }) => ask(command), query: ask },
    messages: { notice: () => undefined },
  } as unknown as Context; // SAFETY: the command uses no more of it
  return { context, done };
}

const FAILED: State = { kind: "error", isInCall: false, offer: OFFER, status: "ok" };
const LONG = { ...OFFER, again: ["fit()"], lastReplayMs: 60_000 };

beforeEach(() => Object.assign(editor, { isWished: true, answer: undefined, asked: [] }));

test.each([
  ["nobody wishes it", FAILED, false],
  ["it did not fail", { ...FAILED, kind: "value" }, true],
  ["it runs in a captured call", { ...FAILED, isInCall: true }, true],
])("it is evaluated as ever where %s", async (_, state, isWished) => {
  editor.isWished = isWished;
  const { context, done } = client(state);
  expect(await rerunFailed(context)).toBeUndefined();
  expect(done).toEqual([]);
});

test.each([
  ["ok", "ran"],
  ["error", "failed"],
  ["held", "failed"],
])("it runs from before it, and that came to its end or not: %s", async (status, came) => {
  const { context, done } = client({ ...FAILED, status });
  expect(await rerunFailed(context)).toBe(came);
  expect(done).toEqual([RERUN_OFFER, RERUN_FROM_HERE]);
  expect(editor.asked).toEqual([]);
});

test.each([
  [undefined, "left", [RERUN_OFFER, SESSION]],
  ["Run From Here", "ran", [RERUN_OFFER, SESSION, RERUN_FROM_HERE]],
])("it is asked about where much runs again: %s", async (answer, came, expected) => {
  editor.answer = answer;
  const { context, done } = client({ ...FAILED, offer: LONG });
  expect(await rerunFailed(context)).toBe(came);
  expect(done).toEqual(expected);
  expect(editor.asked).toEqual([expect.stringMatching(/1 step runs again.*1 min.*fit\(\)/s)]);
});
