// What can be done, the most urgent first, and when: by what there is to do it with. No vscode.

import { counted } from "../recovery/recoveries";
import type { CommandId } from "./ids";

interface Action {
  readonly id: CommandId;
  readonly label: string | ((now: Now) => string);
  readonly applies: (now: Now) => boolean;
}

/** What there is to do something with. */
export interface Now {
  /** Something runs, or waits for its turn. */
  readonly hasWork: boolean;
  /** What runs does not obey an interrupt. */
  readonly stuck: boolean;
  /** How many errors are held. */
  readonly held: number;
  readonly inPython: boolean;
  /** Whether the file is a library's. */
  readonly inLibrary: boolean;
  /** Whether there is a captured call of the function at the cursor. */
  readonly inCall: boolean;
  /** Whether any function's calls are captured. */
  readonly captures: boolean;
  readonly hasSession: boolean;
  readonly hasProcess: boolean;
  readonly hasResults: boolean;
  /** Whether there is a value at the cursor. */
  readonly hasValue: boolean;
  /** Whether there is a result at the cursor that can be written down. */
  readonly hasText: boolean;
  /** How many pins and doctests the file has. */
  readonly pins: number;
  /** Whether values are kept in the folder. */
  readonly keeps: boolean;
  /** Whether anything that ran in the folder was recorded. */
  readonly hasLog: boolean;
  /** How many results that are shown are not true. */
  readonly stale: number;
  /** Whether there is a result at the cursor, or any, of an evaluation that can be undone. */
  readonly rewindable: boolean;
  readonly undoable: boolean;
  /** How many evaluations a process that came back from a checkpoint is without. */
  readonly lost: number;
  /** How many evaluations of a process that ended can be recovered. */
  readonly recoverable: number;
  /** How many are left of a recovery that stopped. */
  readonly unfinished: number;
}

/** Also while something runs: that may wait for a thread that is held. */
const held = (now: Now): boolean => now.held > 0;
const heldMany = (now: Now): boolean => now.held > 1;
const always = (): boolean => true;
const inPython = (now: Now): boolean => now.inPython;
const inCall = (now: Now): boolean => now.inCall;
const captures = (now: Now): boolean => now.captures;
const hasSession = (now: Now): boolean => now.hasSession;
const hasProcess = (now: Now): boolean => now.hasProcess;
const hasValue = (now: Now): boolean => now.hasValue;
const hasPins = (now: Now): boolean => now.pins > 0;

/** While something runs or waits, Interrupt is first: Enter interrupts. */
const ACTIONS: readonly Action[] = [
  { id: "relive.interrupt", label: "$(debug-stop) Interrupt", applies: ({ hasWork }) => hasWork },
  {
    id: "relive.retryStatement",
    label: "$(debug-continue) Retry From Failing Statement",
    applies: held,
  },
  { id: "relive.retryAtCursor", label: "Retry From Statement at Cursor", applies: held },
  { id: "relive.restartFrame", label: "Restart Frame", applies: held },
  { id: "relive.returnValue", label: "Return Value…", applies: held },
  { id: "relive.abandon", label: "Abandon", applies: held },
  { id: "relive.abandonAll", label: "Abandon All", applies: heldMany },
  { id: "relive.showHeld", label: "Show Held Frames", applies: held },
  { id: "relive.showQueue", label: "Show Queue", applies: ({ hasWork }) => hasWork },
  { id: "relive.terminate", label: "Terminate Process", applies: ({ stuck }) => stuck },
  {
    id: "relive.continueRecovery",
    label: ({ unfinished }) => `$(history) Continue Recovery (${counted(unfinished)})…`,
    applies: ({ unfinished }) => unfinished > 0,
  },
  {
    id: "relive.recover",
    label: ({ recoverable }) => `$(history) Recover Session (${counted(recoverable)})…`,
    applies: ({ recoverable }) => recoverable > 0,
  },
  {
    id: "relive.rerunLost",
    label: ({ lost }) => `$(history) Run Again What Was Lost (${counted(lost)})…`,
    applies: ({ lost }) => lost > 0,
  },
  {
    id: "relive.rerunStale",
    label: ({ stale }) => `$(refresh) Re-run Stale Results (${stale})`,
    applies: ({ stale }) => stale > 0,
  },
  { id: "relive.eval", label: "Evaluate Selection or Statement", applies: inPython },
  { id: "relive.redefine", label: "Redefine Function at Cursor", applies: inPython },
  { id: "relive.redefineClass", label: "Redefine Class at Cursor", applies: inPython },
  {
    id: "relive.redefineChanged",
    label: "Redefine Changed Definitions in File",
    applies: ({ inPython, hasSession }) => inPython && hasSession,
  },
  {
    id: "relive.bringUpToDate",
    label: "Bring File Up To Date",
    applies: ({ inPython, hasProcess }) => inPython && hasProcess,
  },
  { id: "relive.evalAdvance", label: "Evaluate and Advance", applies: inPython },
  { id: "relive.evalToHere", label: "Evaluate to Here", applies: inPython },
  { id: "relive.evalFile", label: "Evaluate File", applies: inPython },
  { id: "relive.selectTarget", label: "Select What Would Be Evaluated", applies: inPython },
  { id: "relive.evalCell", label: "Evaluate Cell", applies: inPython },
  { id: "relive.callFunction", label: "Call Function at Cursor…", applies: inPython },
  { id: "relive.captureCalls", label: "Capture Calls of This Function", applies: inPython },
  { id: "relive.evalInCall", label: "Evaluate in Captured Call", applies: inCall },
  { id: "relive.runAgain", label: "Run Again With These Arguments", applies: inCall },
  { id: "relive.chooseCall", label: "Choose Captured Call…", applies: inCall },
  { id: "relive.stopCapturing", label: "Stop Capturing Calls", applies: captures },
  {
    id: "relive.resultToComment",
    label: "Insert Result as Comment",
    applies: ({ hasText }) => hasText,
  },
  { id: "relive.replaceWithResult", label: "Replace with Result", applies: hasValue },
  { id: "relive.keepValue", label: "Keep This Value", applies: hasValue },
  { id: "relive.forgetKept", label: "Forget Kept Values", applies: ({ keeps }) => keeps },
  { id: "relive.pin", label: "Pin This Call", applies: inPython },
  { id: "relive.runPins", label: "Try Pins and Doctests of File", applies: hasPins },
  { id: "relive.savePins", label: "Save Pins as Tests", applies: hasPins },
  { id: "relive.undo", label: "Undo Last Redefinition", applies: hasProcess },
  { id: "relive.rewind", label: "Rewind to Before This", applies: ({ rewindable }) => rewindable },
  {
    id: "relive.rerunFromHere",
    label: "Re-run From Here",
    applies: ({ rewindable }) => rewindable,
  },
  {
    id: "relive.undoEvaluation",
    label: "Undo Last Evaluation",
    applies: ({ undoable }) => undoable,
  },
  { id: "relive.showChanges", label: "Show Changes of This Definition", applies: inPython },
  { id: "relive.diffDisk", label: "Compare Process with Disk", applies: hasProcess },
  { id: "relive.showVariables", label: "Show Variables", applies: hasProcess },
  { id: "relive.showDefinitions", label: "Show Definitions", applies: always },
  { id: "relive.showChangeLog", label: "Show Change Log", applies: always },
  { id: "relive.runAffectedTests", label: "Run Affected Tests", applies: hasProcess },
  { id: "relive.useFixture", label: "Use Fixture…", applies: inPython },
  { id: "relive.releaseFixtures", label: "Release Fixtures", applies: hasProcess },
  {
    id: "relive.revertPatch",
    label: "Revert Patch at Cursor",
    applies: ({ inLibrary, hasProcess }) => inLibrary && hasProcess,
  },
  { id: "relive.showPatches", label: "Show Patches of Libraries", applies: hasSession },
  { id: "relive.openPanel", label: "Show in Results Panel", applies: always },
  { id: "relive.clearAll", label: "Clear All Results", applies: ({ hasResults }) => hasResults },
  { id: "relive.showOutput", label: "Show Output", applies: always },
  { id: "relive.console", label: "Open Console", applies: always },
  { id: "relive.startupCode", label: "Edit Startup Code", applies: always },
  { id: "relive.exportSession", label: "Export Session…", applies: hasProcess },
  {
    id: "relive.exportResults",
    label: "Export Results…",
    applies: ({ inPython, hasProcess }) => inPython && hasProcess,
  },
  { id: "relive.importNotebook", label: "Import Notebook…", applies: always },
  { id: "relive.restartReplay", label: "Restart and Replay", applies: hasProcess },
  { id: "relive.restart", label: "Restart Clean", applies: hasSession },
  { id: "relive.stop", label: "Stop Session", applies: hasProcess },
  {
    id: "relive.recover",
    label: "Recover Session…",
    applies: ({ recoverable, hasLog }) => recoverable === 0 && hasLog,
  },
];

/** A command as it is offered. */
export interface Offered {
  readonly id: CommandId;
  readonly label: string;
}

/** All that can be done now. */
export function offeredIn(now: Now): Offered[] {
  return ACTIONS.filter(({ applies }) => applies(now)).map(({ id, label }) => ({
    id,
    label: typeof label === "string" ? label : label(now),
  }));
}
