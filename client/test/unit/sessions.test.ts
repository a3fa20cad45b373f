// What the client keeps of sessions between their messages.
import { expect, test } from "vitest";
import { AnnotationStore } from "../../src/annotations/store";
import { hasWork, Sessions } from "../../src/evaluation/sessions";
import type { SessionParams } from "../../src/protocol.gen";
import { sessionInfo } from "./sessionInfo";

test("L20 that the interpreter is another is news once for each worker, and once for each choice", () => {
  const sessions = new Sessions(new AnnotationStore());
  const news = (more: Partial<SessionParams>) => sessions.becomesOutdated(sessionInfo(more));
  const replaced = "replaced, as by an upgrade";
  expect(news({})).toBeUndefined();
  expect(news({ pythonChanged: true })).toBe(replaced);
  expect(news({ pythonChanged: true })).toBeUndefined();
  expect(news({ pythonChanged: true, folder: "file:///other" })).toBe(replaced);
  expect(news({ pythonChanged: false, generation: 2 })).toBeUndefined();
  expect(news({ pythonChanged: true, generation: 2 })).toBe(replaced);
  expect(news({ otherPython: "/one/python", generation: 3 })).toBe("changed");
  expect(news({ otherPython: "/one/python", generation: 3, state: "busy" })).toBeUndefined();
  expect(news({ otherPython: "/two/python", generation: 3 })).toBe("changed");
  expect(news({ generation: 3 })).toBeUndefined(); // chosen back
  expect(news({ otherPython: "/two/python", generation: 3 })).toBe("changed");
  expect(news({ otherPython: "/one/python", generation: 4, pid: null })).toBeUndefined();
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

test.each<[Partial<SessionParams>, boolean]>([
  [{ state: "busy" }, true],
  [{ state: "busy", queued: 2 }, true],
  [{ state: "starting", pid: null, queued: 1 }, true],
  [{ state: "starting", pid: null }, false],
  [{ state: "held" }, false],
  [{}, false],
])("there is something to interrupt in %j: %s", (state, expected) => {
  expect(hasWork(sessionInfo(state))).toBe(expected);
});
