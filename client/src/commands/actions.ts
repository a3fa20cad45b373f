// Actions…: all that can be done now, the most urgent first.

import { commands, window } from "vscode";
import type { Context } from "../context";
import { counted } from "../recovery/recoveries";
import { isTrusted } from "../trust";
import type { Run } from "./command";
import type { CommandId } from "./ids";

interface Action {
  readonly id: CommandId;
  readonly label: string | ((now: Now) => string);
  readonly applies: (now: Now) => boolean;
}

interface Now {
  readonly busy: boolean;
  /** What runs does not obey an interrupt. */
  readonly stuck: boolean;
  readonly inPython: boolean;
  readonly hasSession: boolean;
  readonly hasProcess: boolean;
  /** How many results that are shown are not true. */
  readonly stale: number;
  /** How many evaluations of a process that ended can be recovered. */
  readonly recoverable: number;
  /** How many are left of a recovery that stopped. */
  readonly unfinished: number;
}

const always = (): boolean => true;
const inPython = (now: Now): boolean => now.inPython;
const hasSession = (now: Now): boolean => now.hasSession;
const hasProcess = (now: Now): boolean => now.hasProcess;

/** While something runs, Interrupt is first: Enter interrupts. */
const ACTIONS: readonly Action[] = [
  { id: "relive.interrupt", label: "$(debug-stop) Interrupt", applies: ({ busy }) => busy },
  { id: "relive.showQueue", label: "Show Queue", applies: ({ busy }) => busy },
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
  { id: "relive.resultToComment", label: "Insert Result as Comment", applies: inPython },
  { id: "relive.replaceWithResult", label: "Replace with Result", applies: inPython },
  { id: "relive.keepValue", label: "Keep This Value", applies: inPython },
  { id: "relive.forgetKept", label: "Forget Kept Values", applies: always },
  { id: "relive.pin", label: "Pin This Call", applies: inPython },
  { id: "relive.runPins", label: "Try Pins and Doctests of File", applies: inPython },
  { id: "relive.savePins", label: "Save Pins as Tests", applies: inPython },
  { id: "relive.undo", label: "Undo Last Redefinition", applies: hasProcess },
  { id: "relive.showChanges", label: "Show Changes of This Definition", applies: inPython },
  { id: "relive.diffDisk", label: "Compare Process with Disk", applies: hasProcess },
  { id: "relive.showDefinitions", label: "Show Definitions", applies: always },
  { id: "relive.showChangeLog", label: "Show Change Log", applies: always },
  { id: "relive.runAffectedTests", label: "Run Affected Tests", applies: hasProcess },
  { id: "relive.useFixture", label: "Use Fixture…", applies: inPython },
  { id: "relive.releaseFixtures", label: "Release Fixtures", applies: hasProcess },
  { id: "relive.revertPatch", label: "Revert Patch at Cursor", applies: inPython },
  { id: "relive.showPatches", label: "Show Patches of Libraries", applies: hasSession },
  { id: "relive.openPanel", label: "Show in Results Panel", applies: always },
  { id: "relive.clearAll", label: "Clear All Results", applies: always },
  { id: "relive.showOutput", label: "Show Output", applies: always },
  { id: "relive.restartReplay", label: "Restart and Replay", applies: hasProcess },
  { id: "relive.restart", label: "Restart Clean", applies: hasSession },
  { id: "relive.stop", label: "Stop Session", applies: hasProcess },
  {
    id: "relive.recover",
    label: "Recover Session…",
    applies: ({ recoverable }) => recoverable === 0,
  },
];

export const actionsRun: Run = async (context) => {
  if (!isTrusted()) {
    await commands.executeCommand("workbench.trust.manage");
    return;
  }
  const now = situation(context);
  const items = ACTIONS.filter(({ applies }) => applies(now)).map(({ id, label }) => ({
    id,
    label: typeof label === "string" ? label : label(now),
  }));
  const chosen = await window.showQuickPick(items, { placeHolder: "Relive" });
  if (chosen !== undefined) {
    await commands.executeCommand(chosen.id);
  }
};

function situation({ status, store, recovery }: Context): Now {
  const { offers, unfinished } = recovery.recoveries;
  return {
    busy: status.busy,
    stale: store.staleCount,
    stuck: Boolean(status.session?.unresponsive),
    inPython: window.activeTextEditor?.document.languageId === "python",
    hasSession: status.session !== undefined,
    hasProcess: status.hasProcess,
    recoverable: sum(offers.map(({ evaluations }) => evaluations)),
    unfinished: sum(unfinished.map(({ left }) => left.length)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
