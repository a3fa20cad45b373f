// The commands by their ids, and the one way they are registered: whatever fails is told.

import { commands, Disposable } from "vscode";
import type { Context } from "../context";
import { actionsRun } from "./actions";
import { callFunctionRun } from "./callFunction";
import { clearAllRun } from "./clearAll";
import { clearResultRun } from "./clearResult";
import type { Run } from "./command";
import { copyResultRun } from "./copyResult";
import { endInputRun } from "./endInput";
import { evalRun } from "./eval";
import { evalAdvanceRun } from "./evalAdvance";
import { evalCellRun } from "./evalCell";
import { evalFileRun } from "./evalFile";
import { evalMissingAndRetryRun } from "./evalMissingAndRetry";
import { evalToHereRun } from "./evalToHere";
import { evaluateRun } from "./evaluate";
import { COMMAND_IDS, type CommandId } from "./ids";
import { interruptRun } from "./interrupt";
import { openResultRun } from "./openResult";
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
import { cancelQueuedRun, showQueueRun } from "./queue";
import { redefineRun } from "./redefine";
import { redefineChangedRun } from "./redefineChanged";
import { redefineClassRun } from "./redefineClass";
import { replaceWithResultRun } from "./replaceWithResult";
import { restartRun } from "./restart";
import { resultToCommentRun } from "./resultToComment";
import { revertPatchRun } from "./revertPatch";
import { selectTargetRun } from "./selectTarget";
import { showFrameRun } from "./showFrame";
import { showFramesRun } from "./showFrames";
import { showOutputRun } from "./showOutput";
import { showPatchesRun } from "./showPatches";
import { terminateRun } from "./terminate";

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
  "relive.showFrames": showFramesRun,
  "relive.showFrame": showFrameRun,
  "relive.evaluate": evaluateRun,
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
