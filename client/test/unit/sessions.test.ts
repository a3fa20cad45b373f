// What the client keeps of sessions between their messages.
import { expect, test } from "vitest";
import { AnnotationStore } from "../../src/annotations/store";
import { Sessions } from "../../src/evaluation/sessions";
import type { SessionParams } from "../../src/protocol.gen";
import { sessionInfo } from "./sessionInfo";

test("L20 that the interpreter was replaced is news once for each worker", () => {
  const sessions = new Sessions(new AnnotationStore());
  const news = (more: Partial<SessionParams>) => sessions.becomesOutdated(sessionInfo(more));
  expect(news({})).toBe(false);
  expect(news({ pythonChanged: true })).toBe(true);
  expect(news({ pythonChanged: true })).toBe(false);
  expect(news({ pythonChanged: true, folder: "file:///other" })).toBe(true);
  expect(news({ pythonChanged: false, generation: 2 })).toBe(false);
  expect(news({ pythonChanged: true, generation: 2 })).toBe(true);
});

test("results expire when their process dies, is stopped or is replaced, and not when the first starts", () => {
  const expired: string[] = [];
  let step = "";
  const sessions = new Sessions({ expire: () => expired.push(step) });
  const steps: [string, Partial<SessionParams>][] = [
    ["none yet", { pid: null, generation: 0 }],
    ["starting", { state: "starting", pid: null }],
    ["running", {}],
    ["busy", { state: "busy" }],
    ["stopped", { pid: null }],
    ["started", { generation: 2 }],
    ["rewinding", { state: "starting", pid: null, generation: 3, rewinds: 1 }],
    ["rewound", { generation: 3, rewinds: 1 }],
    ["died", { state: "dead", pid: null, generation: 3, rewinds: 1 }],
    ["replaced", { generation: 4, rewinds: 1 }],
    ["restarted", { state: "starting", pid: null, generation: 5, rewinds: 1 }],
  ];
  for (const [name, state] of steps) {
    step = name;
    sessions.changed(sessionInfo(state));
  }
  expect(expired.filter((name) => !["starting", "started", "replaced"].includes(name))).toEqual([
    "stopped",
    "died",
    "restarted",
  ]);
});
