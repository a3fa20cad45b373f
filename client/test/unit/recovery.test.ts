// What is recovered: the choices of the list, what stands to be recovered, and when the user is asked.
import { describe, expect, test } from "vitest";
import type {
  RecoverableEntry,
  RecoveryOfferedParams,
  Replay,
  SessionParams,
} from "../../src/protocol.gen";
import { all, harmless, inOrder, suggested, withoutLast } from "../../src/recovery/choice";
import { Comebacks, comebackText } from "../../src/recovery/comebacks";
import { Recoveries } from "../../src/recovery/recoveries";
import { errorInfo } from "./errorInfo";
import { logged, recoverable, SESSION } from "./logged";
import { sessionInfo } from "./sessionInfo";

/** A definition, data, a call, one that was interrupted, one that is hidden, one that ran at the end. */
const ENTRIES = [
  recoverable(1, { effects: "definition" }),
  recoverable(2),
  recoverable(3, { effects: "unknown", replays: false }),
  recoverable(4, { effects: "unknown", replays: false, status: "interrupted" }),
  recoverable(5, { hidden: true, replays: false }),
  recoverable(6, { effects: "unknown", replays: false, suspect: true, status: "unknown" }),
];

function numbers(entries: readonly Pick<RecoverableEntry, "id">[]): number[] {
  return entries.map(({ id }) => Number(id.slice(id.indexOf(":") + 1)));
}

describe("choices", () => {
  test("the list suggests what ran to its end, whatever it may act on: somebody looks at it", () => {
    expect(numbers(suggested(ENTRIES))).toEqual([1, 2, 3]);
  });

  test("without effects, all, and without the last of those chosen", () => {
    expect(numbers(harmless(ENTRIES))).toEqual([1, 2]);
    expect(numbers(all(ENTRIES))).toEqual([1, 2, 3, 4, 6]);
    expect(numbers(withoutLast(ENTRIES, suggested(ENTRIES)))).toEqual([1, 2]);
    expect(withoutLast(ENTRIES, [])).toEqual([]);
  });

  test("they run in their own order, and what has no text does not", () => {
    const ids = inOrder(ENTRIES, ENTRIES.toReversed());
    expect(numbers(ids.map((id) => ({ id })))).toEqual([1, 2, 3, 4, 6]);
  });
});

function offered(more: Partial<RecoveryOfferedParams> = {}): RecoveryOfferedParams {
  return { session: SESSION, life: 1, evaluations: 14, reason: "", folder: "file:///a", ...more };
}

function stopped(...left: number[]): Replay {
  const ids = left.map((number) => logged(number).id);
  return { total: 3, done: 3 - left.length, failed: null, left: ids, skipped: [] };
}

describe("a process that came back", () => {
  const lost = [
    { label: "x = 1", entry: "s:1" },
    { label: "typed", entry: null },
  ];
  const cameBack = { reason: "exited with status 3", lost };
  const state = (more: Partial<SessionParams>): SessionParams =>
    sessionInfo({ folder: "file:///a", generation: 2, rewinds: 1, ...more });

  test("is told once, and what is lost is offered until it has run again", () => {
    const comebacks = new Comebacks();
    expect(comebacks.take(state({}))).toBeUndefined();
    expect(comebacks.take(state({ cameBack }))).toBe(cameBack);
    expect(comebacks.take(state({ cameBack }))).toBeUndefined();
    expect(comebacks.lost).toEqual([{ folder: "file:///a", entry: "s:1", label: "x = 1" }]);
    expect(comebacks.take(state({ cameBack, folder: "file:///b" }))).toBe(cameBack);
    comebacks.take(state({ folder: "file:///b" }));
    comebacks.take(state({ cameBack: { ...cameBack, lost: [] } }));
    expect(comebacks.lost).toEqual([]);
    expect(comebacks.take(state({ cameBack, generation: 3 }))).toBe(cameBack);
    comebacks.forget();
    expect(comebacks.lost).toEqual([]);
  });

  test("is said with what it lacks", () => {
    expect(comebackText(cameBack)).toBe(
      "the Python process exited with status 3; another goes on with the state before “x = 1”, without 2 evaluations since",
    );
    expect(comebackText({ ...cameBack, lost: [] })).toBe(
      "the Python process exited with status 3; another goes on with its state",
    );
  });
});

describe("what stands to be recovered", () => {
  const LIFE = { session: SESSION, life: 1 };

  test("a life is asked about once, and another of the same session is another", () => {
    const recoveries = new Recoveries();
    expect(recoveries.offer(offered())).toBe(true);
    expect(recoveries.offer(offered())).toBe(false);
    expect(recoveries.offer(offered({ life: 2 }))).toBe(true);
    expect(recoveries.offers).toMatchObject([{ life: 2, evaluations: 14 }]);
  });

  test("one that was asked about in an earlier window is not asked about, and stands", () => {
    const recoveries = new Recoveries([`${SESSION}/1`]);
    expect(recoveries.offer(offered())).toBe(false);
    expect(recoveries.offers).toHaveLength(1);
  });

  test("one of which nothing ran is nothing to ask about", () => {
    expect(new Recoveries().offer(offered({ evaluations: 0 }))).toBe(false);
  });

  test("each folder has its own", () => {
    const recoveries = new Recoveries();
    recoveries.offer(offered());
    recoveries.offer(offered({ folder: "file:///b", session: "other" }));
    expect(recoveries.offers.map(({ folder }) => folder)).toEqual(["file:///a", "file:///b"]);
    expect(recoveries.stands(LIFE)).toBe(true);
    recoveries.settle(LIFE);
    expect(recoveries.stands(LIFE)).toBe(false);
    expect(recoveries.offers.map(({ folder }) => folder)).toEqual(["file:///b"]);
  });

  test("a replay that stops stands to be gone on with until it is through", () => {
    const recoveries = new Recoveries();
    recoveries.offer(offered());
    recoveries.replayed("file:///a", LIFE, stopped(2, 3));
    expect(recoveries.offers).toEqual([]);
    expect(recoveries.unfinishedIn("file:///a")?.left).toEqual([logged(2).id, logged(3).id]);
    recoveries.replayed("file:///a", LIFE, stopped(3));
    expect(recoveries.unfinished.map(({ left }) => left.length)).toEqual([1]);
    recoveries.replayed("file:///a", LIFE, stopped());
    expect(recoveries.unfinished).toEqual([]);
  });

  test("one that failed is known, and stopping there settles it", () => {
    const recoveries = new Recoveries();
    const failed = { entry: logged(2), error: errorInfo({}) };
    recoveries.replayed("file:///a", LIFE, { ...stopped(2, 3), failed });
    expect(recoveries.unfinishedIn("file:///a")?.failed?.entry.id).toBe(logged(2).id);
    recoveries.settle(LIFE);
    expect(recoveries.unfinished).toEqual([]);
  });

  test("with the daemon go its offers; whoever listens is told of each change", () => {
    const recoveries = new Recoveries();
    let told = 0;
    recoveries.onDidChange(() => {
      told += 1;
    });
    recoveries.offer(offered());
    recoveries.forget();
    expect(recoveries.offers).toEqual([]);
    expect(told).toBe(2);
  });
});
