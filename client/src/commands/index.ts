// The commands by their ids, and the one way they are registered: whatever fails is told.

import { commands, Disposable } from "vscode";
import type { Context } from "../context";
import { actionsRun } from "./actions";
import { callFunctionRun } from "./callFunction";
import {
  captureCallsRun,
  chooseCallRun,
  evalInCallRun,
  runAgainRun,
  stopCapturingRun,
} from "./captured";
import {
  changeTextRun,
  compareChangeRun,
  olderChangesRun,
  openChangeRun,
  redefineToChangeRun,
  renewChangesRun,
  runChangeRun,
  showChangeLogRun,
} from "./changes";
import { clearAllRun } from "./clearAll";
import { clearResultRun } from "./clearResult";
import type { Run } from "./command";
import { consoleRun } from "./console";
import { copyResultRun } from "./copyResult";
import {
  definitionsAllRun,
  definitionsFilterRun,
  openDefinitionRun,
  showDefinitionsRun,
  showEditedRun,
} from "./definitions";
import { diffDiskRun } from "./diffDisk";
import { endInputRun } from "./endInput";
import { evalRun } from "./eval";
import { evalAdvanceRun } from "./evalAdvance";
import { evalCellRun } from "./evalCell";
import { evalFileRun } from "./evalFile";
import { evalMissingAndRetryRun } from "./evalMissingAndRetry";
import { evalToHereRun } from "./evalToHere";
import { evaluateRun } from "./evaluate";
import { exportResultsRun, exportSessionRun, importNotebookRun } from "./exporting";
import {
  abandonAllRun,
  abandonRun,
  restartFrameRun,
  retryAtCursorRun,
  retryStatementRun,
  returnValueRun,
  showHeldRun,
} from "./held";
import { COMMAND_IDS, type CommandId } from "./ids";
import { interruptRun } from "./interrupt";
import { forgetKeptRun, keepValueRun, runAnywayRun } from "./keep";
import { oldInstancesRun } from "./oldInstances";
import { openResultRun } from "./openResult";
import { openSampleRun } from "./openSample";
import {
  openPanelRun,
  panelBackRun,
  panelCopyRun,
  panelForwardRun,
  panelOpenRun,
  panelPinRun,
  panelSaveRun,
  panelUnpinRun,
} from "./panel";
import { openPinsRun, pinRun, repinRun, runPinsRun, savePinsRun, unpinRun } from "./pins";
import { cancelQueuedRun, showQueueRun } from "./queue";
import {
  continueRecoveryRun,
  recoverRun,
  recoveryAllRun,
  recoveryDefinitionsRun,
  recoveryLeaveOutRun,
  recoveryOthersRun,
  recoveryShowRun,
} from "./recover";
import { redefineRun } from "./redefine";
import { redefineChangedRun } from "./redefineChanged";
import { redefineClassRun } from "./redefineClass";
import { replaceWithResultRun } from "./replaceWithResult";
import { bringUpToDateRun, rerunResultRun, rerunStaleRun } from "./rerun";
import { rerunFromHereRun } from "./rerunFromHere";
import { rerunLostRun } from "./rerunLost";
import { restartReplayRun, restartRun } from "./restart";
import { resultToCommentRun } from "./resultToComment";
import { revertPatchRun } from "./revertPatch";
import { rewindRun, undoEvaluationRun } from "./rewind";
import { selectTargetRun } from "./selectTarget";
import { showChangesRun } from "./showChanges";
import { showFrameRun } from "./showFrame";
import { showFramesRun } from "./showFrames";
import { showOutputRun } from "./showOutput";
import { showPatchesRun } from "./showPatches";
import { shutDownRun } from "./shutDown";
import { startupCodeRun } from "./startupCode";
import { stopRun } from "./stop";
import { terminateRun } from "./terminate";
import { releaseFixturesRun, runAffectedTestsRun, stopTestsRun, useFixtureRun } from "./tests";
import { undoRun } from "./undo";
import {
  allVariablesRun,
  copyVariableRun,
  deleteNameRun,
  filterVariablesRun,
  goToVariableRun,
  moreVariablesRun,
  openVariableRun,
  showVariablesRun,
} from "./variables";

const RUNS: Readonly<Record<CommandId, Run>> = {
  "relive.eval": evalRun,
  "relive.redefine": redefineRun,
  "relive.redefineClass": redefineClassRun,
  "relive.redefineChanged": redefineChangedRun,
  "relive.evalAdvance": evalAdvanceRun,
  "relive.evalFile": evalFileRun,
  "relive.evalToHere": evalToHereRun,
  "relive.selectTarget": selectTargetRun,
  "relive.clearResult": clearResultRun,
  "relive.clearAll": clearAllRun,
  "relive.interrupt": interruptRun,
  "relive.terminate": terminateRun,
  "relive.showQueue": showQueueRun,
  "relive.cancelQueued": cancelQueuedRun,
  "relive.endInput": endInputRun,
  "relive.restart": restartRun,
  "relive.restartReplay": restartReplayRun,
  "relive.stop": stopRun,
  "relive.shutDown": shutDownRun,
  "relive.recover": recoverRun,
  "relive.continueRecovery": continueRecoveryRun,
  "relive.recoveryLeaveOut": recoveryLeaveOutRun,
  "relive.recoveryDefinitions": recoveryDefinitionsRun,
  "relive.recoveryAll": recoveryAllRun,
  "relive.recoveryShow": recoveryShowRun,
  "relive.recoveryOthers": recoveryOthersRun,
  "relive.actions": actionsRun,
  "relive.showOutput": showOutputRun,
  "relive.copyResult": copyResultRun,
  "relive.openResult": openResultRun,
  "relive.evalMissingAndRetry": evalMissingAndRetryRun,
  "relive.evalCell": evalCellRun,
  "relive.callFunction": callFunctionRun,
  "relive.resultToComment": resultToCommentRun,
  "relive.replaceWithResult": replaceWithResultRun,
  "relive.openPanel": openPanelRun,
  "relive.panelBack": panelBackRun,
  "relive.panelForward": panelForwardRun,
  "relive.panelPin": panelPinRun,
  "relive.panelUnpin": panelUnpinRun,
  "relive.panelSave": panelSaveRun,
  "relive.panelCopy": panelCopyRun,
  "relive.panelOpen": panelOpenRun,
  "relive.showPatches": showPatchesRun,
  "relive.revertPatch": revertPatchRun,
  "relive.undo": undoRun,
  "relive.rewind": rewindRun,
  "relive.undoEvaluation": undoEvaluationRun,
  "relive.rerunFromHere": rerunFromHereRun,
  "relive.rerunLost": rerunLostRun,
  "relive.showChanges": showChangesRun,
  "relive.diffDisk": diffDiskRun,
  "relive.showChangeLog": showChangeLogRun,
  "relive.renewChanges": renewChangesRun,
  "relive.olderChanges": olderChangesRun,
  "relive.openChange": openChangeRun,
  "relive.changeText": changeTextRun,
  "relive.compareChange": compareChangeRun,
  "relive.redefineToChange": redefineToChangeRun,
  "relive.runChange": runChangeRun,
  "relive.keepValue": keepValueRun,
  "relive.runAnyway": runAnywayRun,
  "relive.forgetKept": forgetKeptRun,
  "relive.pin": pinRun,
  "relive.repin": repinRun,
  "relive.unpin": unpinRun,
  "relive.runPins": runPinsRun,
  "relive.openPins": openPinsRun,
  "relive.savePins": savePinsRun,
  "relive.runAffectedTests": runAffectedTestsRun,
  "relive.stopTests": stopTestsRun,
  "relive.useFixture": useFixtureRun,
  "relive.releaseFixtures": releaseFixturesRun,
  "relive.showFrames": showFramesRun,
  "relive.showFrame": showFrameRun,
  "relive.retryStatement": retryStatementRun,
  "relive.retryAtCursor": retryAtCursorRun,
  "relive.restartFrame": restartFrameRun,
  "relive.returnValue": returnValueRun,
  "relive.abandon": abandonRun,
  "relive.abandonAll": abandonAllRun,
  "relive.showHeld": showHeldRun,
  "relive.evaluate": evaluateRun,
  "relive.rerunStale": rerunStaleRun,
  "relive.rerunResult": rerunResultRun,
  "relive.showVariables": showVariablesRun,
  "relive.filterVariables": filterVariablesRun,
  "relive.allVariables": allVariablesRun,
  "relive.moreVariables": moreVariablesRun,
  "relive.openVariable": openVariableRun,
  "relive.goToVariable": goToVariableRun,
  "relive.copyVariable": copyVariableRun,
  "relive.deleteName": deleteNameRun,
  "relive.showDefinitions": showDefinitionsRun,
  "relive.showEdited": showEditedRun,
  "relive.definitionsFilter": definitionsFilterRun,
  "relive.definitionsAll": definitionsAllRun,
  "relive.openDefinition": openDefinitionRun,
  "relive.redefineDefinition": redefineRun,
  "relive.oldInstances": oldInstancesRun,
  "relive.bringUpToDate": bringUpToDateRun,
  "relive.console": consoleRun,
  "relive.exportSession": exportSessionRun,
  "relive.exportResults": exportResultsRun,
  "relive.importNotebook": importNotebookRun,
  "relive.openSample": openSampleRun,
  "relive.startupCode": startupCodeRun,
  "relive.captureCalls": captureCallsRun,
  "relive.stopCapturing": stopCapturingRun,
  "relive.chooseCall": chooseCallRun,
  "relive.evalInCall": evalInCallRun,
  "relive.runAgain": runAgainRun,
};

export function registerCommands(context: Context): Disposable {
  return Disposable.from(
    ...COMMAND_IDS.map((id) =>
      commands.registerCommand(id, async (argument?: unknown) => {
        try {
          await RUNS[id](context, argument);
        } catch (failure) {
          await context.messages.failure(failure);
        }
      }),
    ),
  );
}
