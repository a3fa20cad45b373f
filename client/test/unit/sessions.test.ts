// What the client keeps of sessions between their messages.
import { expect, test } from "vitest";
import { AnnotationStore } from "../../src/annotations/store";
import { Sessions } from "../../src/evaluation/sessions";
import type { SessionParams } from "../../src/protocol.gen";

function told(more: Partial<SessionParams>): SessionParams {
  return {
    state: "idle",
    pid: 42,
    python: "/usr/bin/python3",
    generation: 1,
    checkpoints: [],
    evaluations: 0,
    queued: 0,
    version: "3.12.1",
    pythonChanged: false,
    notes: [],
    ...more,
  };
}

test("L20 that the interpreter was replaced is news once for each worker", () => {
  const sessions = new Sessions(new AnnotationStore());
  const news = (more: Partial<SessionParams>) => sessions.becomesOutdated(told(more));
  expect(news({})).toBe(false);
  expect(news({ pythonChanged: true })).toBe(true);
  expect(news({ pythonChanged: true })).toBe(false);
  expect(news({ pythonChanged: true, folder: "file:///other" })).toBe(true);
  expect(news({ pythonChanged: false, generation: 2 })).toBe(false);
  expect(news({ pythonChanged: true, generation: 2 })).toBe(true);
});
