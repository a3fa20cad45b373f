// Which of the actions are offered, by what there is to do something with.
import { expect, test } from "vitest";
import { type Now, offeredIn } from "../../src/commands/offered";
import { contributes } from "./manifest";

const NOTHING: Now = {
  hasWork: false,
  stuck: false,
  held: 0,
  inPython: false,
  inLibrary: false,
  inCall: false,
  captures: false,
  hasSession: false,
  hasProcess: false,
  hasResults: false,
  hasValue: false,
  hasText: false,
  pins: 0,
  keeps: false,
  hasLog: false,
  stale: 0,
  rewindable: false,
  undoable: false,
  lost: 0,
  recoverable: 0,
  unfinished: 0,
};
const ALL: Now = {
  ...NOTHING,
  ...{ hasWork: true, stuck: true, held: 2, inPython: true, inLibrary: true, inCall: true },
  ...{ captures: true, hasSession: true, hasProcess: true, hasResults: true, hasValue: true },
  ...{ hasText: true, pins: 1, keeps: true, hasLog: true, stale: 1, rewindable: true },
  ...{ undoable: true, lost: 1, recoverable: 1, unfinished: 1 },
};

const idsIn = (now: Now) => offeredIn(now).map(({ id }) => id.replace("relive.", ""));
const offered = (now: Partial<Now>) => idsIn({ ...NOTHING, ...now });
const always = offered({});

test("where there is nothing yet, only what begins something or shows where it will be", () => {
  expect(always).toEqual(
    ids("showDefinitions showChangeLog openPanel showOutput console startupCode importNotebook"),
  );
});

test.each<[Partial<Now>, string]>([
  [{ hasWork: true }, "interrupt showQueue"],
  [{ stuck: true }, "terminate"],
  [{ held: 1 }, "retryStatement retryAtCursor restartFrame returnValue abandon showHeld"],
  [
    { held: 2 },
    "retryStatement retryAtCursor restartFrame returnValue abandon abandonAll showHeld",
  ],
  [{ unfinished: 3 }, "continueRecovery"],
  [{ recoverable: 3 }, "recover"],
  [{ recoverable: 3, hasLog: true }, "recover"],
  [{ hasLog: true }, "recover"],
  [{ lost: 1 }, "rerunLost"],
  [{ stale: 1 }, "rerunStale"],
  [
    { inPython: true },
    "eval redefine redefineClass evalAdvance evalToHere evalFile selectTarget evalCell callFunction captureCalls pin showChanges useFixture",
  ],
  [{ inCall: true }, "evalInCall runAgain chooseCall"],
  [{ captures: true }, "stopCapturing"],
  [{ hasText: true }, "resultToComment"],
  [{ hasValue: true }, "replaceWithResult keepValue"],
  [{ keeps: true }, "forgetKept"],
  [{ pins: 1 }, "runPins savePins"],
  [{ rewindable: true }, "rewind rerunFromHere"],
  [{ undoable: true }, "undoEvaluation"],
  [{ hasResults: true }, "clearAll"],
  [{ hasSession: true }, "showPatches restart"],
  [
    { hasProcess: true },
    "undo diffDisk showVariables runAffectedTests releaseFixtures exportSession restartReplay stop",
  ],
  [{ inLibrary: true }, ""],
])("%o adds %s", (now, added) => {
  expect(offered(now).filter((id) => !always.includes(id))).toEqual(ids(added));
  expect(offered(now)).toEqual(expect.arrayContaining(always));
});

test.each<[Partial<Now>, string]>([
  [{ inPython: true, hasSession: true }, "redefineChanged"],
  [{ inPython: true, hasProcess: true }, "bringUpToDate exportResults"],
  [{ inLibrary: true, hasProcess: true }, "revertPatch"],
])("%o together add %s", (now, added) => {
  const alone = Object.entries(now).flatMap(([name, value]) => offered({ [name]: value }));
  expect(offered(now).filter((id) => !alone.includes(id))).toEqual(ids(added));
});

test("what runs can be interrupted by Enter, and each is offered by its title, once", () => {
  expect(idsIn(ALL)[0]).toBe("interrupt");
  const titles = new Map(contributes.commands.map(({ command, title }) => [command, title]));
  const labels = offeredIn(ALL).map(({ id, label }) => [id, plain(label)]);
  expect(labels).toEqual(labels.map(([id = ""]) => [id, titles.get(id)]));
  expect(new Set(idsIn(ALL)).size).toBe(labels.length);
});

function ids(words: string): string[] {
  return words.split(" ").filter((word) => word !== "");
}

/** Without its icon and what it counts. */
function plain(label: string): string {
  return label.replace(/^\$\([\w-]+\) /, "").replace(/ \([^)]+\)/, "");
}
