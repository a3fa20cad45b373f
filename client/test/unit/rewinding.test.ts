// Going back: what is asked, what is told, and which evaluation a result stands for.
import { describe, expect, test } from "vitest";
import { draw } from "../../src/annotations/drawing";
import { hoverText } from "../../src/annotations/hoverText";
import { type Annotation, evaluationOf } from "../../src/annotations/lifecycle";
import {
  type Checkpoint,
  type Evaluation,
  REWOUND,
  type Rewind,
  type RewindOffer,
  type RewoundSession,
} from "../../src/protocol.gen";
import {
  checkpointOf,
  details,
  hasFailed,
  isAsked,
  outcome,
  question,
  rerunDetails,
  rerunOutcome,
  rerunQuestion,
  wayBack,
} from "../../src/rewinding/words";
import { Annotated, KEY } from "./annotated";

const WROTE = "save(): it wrote note.txt, which is not undone";
const RAN_ONCE = "back to before this · 1 step ran again";
const LEFT = "what it may have done outside is not undone";
const MADE: Checkpoint = { evaluation: 5, at: "2026-11-27T15:12:03+00:00" };
const AT = new Date(MADE.at).toLocaleTimeString();

function offer(more: Partial<RewindOffer> = {}): RewindOffer {
  const by = "checkpoint" as const;
  const numbers = { evaluation: 7, knownAs: [3, 7], discards: 2, lastReplayMs: null };
  return { label: "x += 1", by, warnings: [], unwatched: [], again: [], ...numbers, ...more };
}

function rewind(more: Partial<Rewind> = {}): Rewind {
  return { evaluation: 7, by: "checkpoint", warnings: [], unwatched: [], replayed: 0, ...more };
}

describe("what is asked before", () => {
  test("nothing, where all will be as it was in a moment", () => {
    expect(isAsked(offer())).toBe(false);
    expect(isAsked(offer({ again: ["x = 0"], lastReplayMs: 1 }))).toBe(false);
    expect(isAsked(offer({ by: "replay" }))).toBe(false); // before the first: a new process
    expect(isAsked(offer({ again: Array(8).fill("x += 1"), lastReplayMs: 999 }))).toBe(false);
  });

  test("what runs again from a checkpoint, where that is much or takes long", () => {
    expect(isAsked(offer({ again: Array(9).fill("x += 1"), lastReplayMs: 1 }))).toBe(true);
    const asked = offer({ again: ["fit()", "x = 0"], lastReplayMs: 1500 });
    expect(isAsked(asked)).toBe(true);
    expect(details(asked, MADE)).toBe(
      `By the checkpoint of ${AT}: 2 steps run again, which took 1.5 s last time.\n\n` +
        "What runs again:\n• fit()\n• x = 0",
    );
    expect(details(offer({ again: ["fit()"], lastReplayMs: 1500 }))).toContain(
      "By a checkpoint: 1 step runs again, which",
    );
  });

  test("the checkpoint that is gone back to is the nearest one before it", () => {
    const made = [2, 5, 7, 8].map((evaluation) => ({ ...MADE, evaluation }));
    expect(checkpointOf(offer(), made)?.evaluation).toBe(7);
    expect(checkpointOf(offer({ evaluation: 6 }), made)?.evaluation).toBe(5);
    expect(checkpointOf(offer({ evaluation: 1 }), made)).toBeUndefined();
    expect(checkpointOf(offer({ by: "replay" }), made)).toBeUndefined();
  });

  test("what is not undone, and how many evaluations are", () => {
    const asked = offer({ warnings: [WROTE] });
    expect(isAsked(asked)).toBe(true);
    expect(question(asked)).toBe("Go back to before “x += 1”? 2 evaluations will be undone.");
    expect(details(asked, MADE)).toBe(
      `By the checkpoint of ${AT}: nothing runs again.\n\nNot as it was:\n• ${WROTE}`,
    );
    expect(details(offer({ warnings: Array(10).fill(WROTE) }))).toMatch(/\n• and 2 more$/);
  });

  test("not what nothing watched, unless it is asked anyway: then that is told as well", () => {
    expect(isAsked(offer({ unwatched: ["send(order)"] }))).toBe(false);
    const asked = offer({ warnings: [WROTE], unwatched: ["send(order)", "fit()"] });
    expect(isAsked(asked)).toBe(true);
    expect(details(asked)).toContain(
      `Not as it was:\n• ${WROTE}\n\n` +
        "Undone, but not what it may have done outside of the process:\n• send(order)\n• fit()",
    );
  });

  test("a step is named once: what runs again is told with what it does then", () => {
    const acts = "it may act outside of the process";
    const warnings = [WROTE, `send(order) runs again: ${acts}`];
    const asked = offer({ again: ["x = 0", "send(order)"], warnings });
    expect(details(asked)).toContain(
      `What runs again:\n• x = 0\n• send(order): ${acts}\n\nNot as it was:\n• ${WROTE}`,
    );
    const again = [...Array(8).keys()].map((each) => `x = ${each}`);
    expect(details(offer({ again: [...again, "send(order)"], warnings }))).toContain(
      `What runs again:\n• send(order): ${acts}\n• x = 0`,
    );
  });

  test("what runs again where there is no checkpoint, how long that took, and why there is none", () => {
    const again = { by: "replay" as const, again: ["x = 0", "x += 1"], lastReplayMs: 1500 };
    const asked = offer({ ...again, whyNot: "a thread runs" });
    expect(isAsked(asked)).toBe(true);
    expect(details(asked)).toBe(
      "There is no checkpoint before it (a thread runs): " +
        "a new process runs 2 steps again, which took 1.5 s last time.\n\n" +
        "What runs again:\n• x = 0\n• x += 1",
    );
    expect(details(offer({ by: "replay" }))).toBe(
      "There is no checkpoint before it: a new process starts.",
    );
  });
});

describe("what is told after", () => {
  test.each([
    [rewind(), "good", "back to before this"],
    [rewind({ replayed: 2 }), "good", "back to before this · 2 steps ran again"],
    [rewind({ unwatched: ["send(order)"], replayed: 1 }), "good", `${RAN_ONCE} · ${LEFT}`],
    [rewind({ warnings: [WROTE] }), "warning", `back to before this · ${WROTE}`],
    [
      rewind({ warnings: [WROTE, "a"] }),
      "warning",
      "back to before this · 2 things are not as they were",
    ],
    [
      rewind({ failed: "KeyError: 'a'", stoppedAt: "d['a']" }),
      "bad",
      "only part of what led here ran again, until it failed at “d['a']”: KeyError: 'a'",
    ],
  ])("%o", (told, tone, text) => {
    expect(outcome(told)).toEqual({ text, tone });
  });

  test.each([
    [rewind(), "By a checkpoint: nothing ran again."],
    [rewind({ replayed: 1 }), "By a checkpoint: 1 step ran again."],
    [rewind({ by: "replay", replayed: 2 }), "By a new process: 2 steps ran again."],
  ])("by what %o", (told, text) => {
    expect(wayBack(told)).toBe(text);
  });

  test("at the code, by whatever number it is known, until that runs again", () => {
    const document = new Annotated("a\nx += 1\n");
    document.result(0, 0, "", { result: "2:1" });
    document.result(1, 1, "", { result: "3:1" });
    expect(document.store.noteRewind([8], rewind(), 5)).toBe(false);
    expect(document.store.noteRewind([3, 7], rewind({ warnings: [WROTE] }), 5)).toBe(true);
    const options = { inline: "on" as const, maxLength: 100, typing: undefined };
    const { lineEnds } = draw(document.store.all(KEY), document.model.lines, options);
    expect(lineEnds.find(({ line }) => line === 1)).toMatchObject({
      style: "warning",
      text: expect.stringContaining("↶"),
    });
    const [note] = document.store.at(KEY, 1);
    const links = { command: (id: string) => id, frame: () => undefined };
    expect(note && hoverText(note, links)).toContain(WROTE);
    expect(note && hoverText(note, links)).toContain("By a checkpoint: nothing ran again.");
    expect(note && hoverText(note, links)).not.toContain("May have acted");
    document.result(1, 1, "", { generation: 6 });
    expect(document.store.at(KEY, 1).map(({ content }) => content.kind)).toEqual(["value"]);
  });
});

test("the hover there lists what may have been done outside, and where there is nothing, says so", () => {
  const document = new Annotated("x += 1\n");
  const links = { command: (id: string) => id, frame: () => undefined };
  function hoverOf(told: Rewind, generation: number): string {
    document.result(0, 0, "", { result: "3:1", generation: generation - 1 });
    document.store.noteRewind([3], told, generation);
    const [note] = document.store.at(KEY, 0);
    return note === undefined ? "" : hoverText(note, links);
  }
  expect(hoverOf(rewind(), 6)).toContain("Nothing was left outside of it.");
  expect(hoverOf(rewind({ unwatched: ["send(order)"] }), 8)).toMatch(
    /nothing ran again\.\n\nMay have acted outside of the process, which is not undone:\n\n- ` send\(order\) `$/,
  );
});

test("of an evaluation that went on from an error it is said where it was held", () => {
  const document = new Annotated("a\nx += 1\n");
  document.result(0, 0, "", { result: "3:1" });
  document.result(1, 1, "", { result: "3:2" });
  document.store.doubt(KEY, new Map([["3:2", `${REWOUND}: retry`]]));
  expect(document.store.noteRewind([3], rewind(), 5)).toBe(true);
  expect(document.store.at(KEY, 0).map(({ content }) => content.kind)).toEqual(["value"]);
  expect(document.store.at(KEY, 1)[0]?.content.kind).toBe("rewound");
});

describe("running again from here", () => {
  const runs = ["x += 2", "y = x"];

  test("asks what is undone and what runs then", () => {
    const asked = { back: offer({ warnings: [WROTE] }), runs };
    expect(rerunQuestion(asked)).toBe(
      "Run again from “x += 1”? 2 evaluations will be undone, then 2 will run.",
    );
    expect(rerunDetails(asked, MADE)).toBe(
      `By the checkpoint of ${AT}: nothing runs again.\n\n` +
        `Not as it was:\n• ${WROTE}\n\nWhat runs then:\n• x += 2\n• y = x`,
    );
  });

  test.each([
    [["ok", "ok"], [], [], "2 statements ran once more from here"],
    [
      ["ok", "error"],
      ["z"],
      [],
      "2 statements ran once more from here · stopped where it failed, with 1 left",
    ],
    [["ok"], [], [WROTE], `1 statement ran once more from here · not as it was: ${WROTE}`],
  ] as const)("%o, left %o, %o", (statuses, left, warnings, text) => {
    const ran = statuses.map((status) => ({ status }) as Evaluation);
    const session = { rewind: rewind({ warnings: [...warnings] }) } as RewoundSession;
    const answer = { session, ran, left: [...left] };
    expect(rerunOutcome(answer)).toBe(text);
    expect(hasFailed(answer)).toBe(ran.some(({ status }) => status === "error"));
  });

  test("what ran again to get there is told too", () => {
    const session = { rewind: rewind({ replayed: 3 }) } as RewoundSession;
    expect(rerunOutcome({ session, ran: [], left: [] })).toContain(
      " · 3 steps before it ran again",
    );
  });

  test("has failed where the way back did", () => {
    const back = (more: Partial<Rewind>) => ({ rewind: rewind(more) }) as RewoundSession;
    expect(hasFailed({ session: back({}), ran: [], left: [] })).toBe(false);
    expect(hasFailed({ session: back({ failed: "KeyError" }), ran: [], left: [] })).toBe(true);
  });
});

describe("which evaluation a result can be gone back to before", () => {
  function shown(more: Partial<Annotation>): Annotation {
    const document = new Annotated("x\n");
    const annotation = document.result(0, 0, "", { result: "12:3" });
    if (annotation === undefined) {
      throw new Error("a result is shown");
    }
    return { ...annotation, ...more };
  }

  test.each([
    [{}, 12],
    [{ doubt: "x was assigned again" }, 12],
    [{ doubt: REWOUND }, undefined],
    [{ expired: true }, undefined],
    [{ result: undefined }, undefined],
  ])("%o", (more, evaluation) => {
    expect(evaluationOf(shown(more))).toBe(evaluation);
    const links = { command: (id: string) => id, frame: () => undefined };
    for (const link of ["(relive.rewind)", "(relive.rerunFromHere)"]) {
      expect(hoverText(shown(more), links).includes(link)).toBe(evaluation !== undefined);
    }
  });
});
