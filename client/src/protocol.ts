// Relive's own messages, with the names and shapes that are generated from the daemon's.

import { NotificationType, RequestType } from "vscode-languageclient/node";
import {
  AFFECTED_TESTS,
  type AffectedTests,
  type AffectedTestsParams,
  ASKED,
  type AskedParams,
  BRING_UP_TO_DATE,
  type BringUpToDateParams,
  COMPARE,
  type CompareParams,
  type Comparison,
  DEFINITIONS,
  DEFINITIONS_CHANGED,
  type Definitions,
  type DefinitionsChangedParams,
  type DefinitionsRequestParams,
  DISMISS,
  DISMISS_RECOVERY,
  DISPLAY,
  type DismissParams,
  type DismissRecoveryParams,
  type DisplayParams,
  ENTRY,
  type EntryParams,
  type EntryText,
  EVALUATE,
  EVALUATE_TEXT,
  EVALUATED,
  type EvaluatedParams,
  type EvaluateParams,
  type EvaluateTextParams,
  type Evaluation,
  FIXTURES,
  FIXTURES_LOST,
  type FilePins,
  type FixtureList,
  type FixturesLostParams,
  type FixturesParams,
  FORGET_KEPT,
  type ForgetKeptParams,
  type ForgottenValues,
  FRAMES,
  FRESH,
  type FramesParams,
  type FreshParams,
  type Gone,
  type HeldFrames,
  HISTORY,
  type HistoryEntry,
  type HistoryParams,
  INPUT,
  INTERPRETERS,
  INTERRUPT,
  type InputAnswer,
  type InputParams,
  type InterpretersParams,
  type InterruptAnswer,
  type InterruptParams,
  KEEP_VALUE,
  type KeepValueParams,
  LIVES,
  type Life,
  type LivesParams,
  OLD_INSTANCES,
  type OldInstances,
  type OldInstancesParams,
  OUTPUT,
  type OutputParams,
  PATCHES,
  type Patches,
  type PatchesParams,
  PIN,
  PINS,
  PINS_CHANGED,
  type PinAnswer,
  type PinParams,
  type PinsAnswer,
  type PinsParams,
  PROGRESS,
  type ProgressParams,
  QUEUE,
  type Queue,
  type QueueParams,
  RECOVER,
  RECOVERABLE,
  RECOVERY_OFFERED,
  REDEFINE,
  REDEFINE_TO,
  REDEFINED,
  RELEASE_FIXTURES,
  REPLAY_PROGRESS,
  RERUN_STALE,
  RESOLVED,
  RESTART,
  RESULT,
  RESUME,
  RESUME_POINT,
  REVERT_PATCH,
  type Recoverable,
  type RecoverableParams,
  type RecoverParams,
  type RecoveryOfferedParams,
  type RedefinedParams,
  type RedefineParams,
  type RedefineToParams,
  type Redefinition,
  type ReleasedFixtures,
  type ReleaseFixturesParams,
  type ReplayedSession,
  type ReplayParams,
  type Rerun,
  type RerunStaleParams,
  type ResolvedParams,
  type RestartParams,
  type ResultParams,
  type ResumeParams,
  type ResumePoint,
  type ResumePointParams,
  type RevertPatchParams,
  RUN_PINS,
  RUN_TESTS,
  type RunPinsParams,
  type RunTestsParams,
  SAVE_PINS,
  type SavedPins,
  type SavePinsParams,
  SESSION_CHANGED,
  type SessionInfo,
  type SessionParams,
  SHOWN,
  SHUT_DOWN,
  type Shown,
  type ShownParams,
  type ShutDownParams,
  STALE,
  STOP,
  STOP_TESTS,
  type StaleParams,
  type StopParams,
  type StoppedTests,
  type StopTestsParams,
  TARGET,
  type Target,
  type TargetParams,
  TESTS,
  type TestRun,
  type TestsParams,
  UNDO,
  UNPIN,
  UNRESPONSIVE,
  type Undo,
  type UndoParams,
  type UnpinParams,
  type UnresponsiveParams,
  type UpToDate,
  USE_FIXTURE,
  type UsedFixtures,
  type UseFixtureParams,
  VALUE_CHILDREN,
  VALUE_MIME,
  VALUE_MIMES,
  VALUE_TABLE,
  VALUE_TEXT,
  type ValueChildren,
  type ValueChildrenParams,
  type ValueMime,
  type ValueMimeParams,
  type ValueMimes,
  type ValueParams,
  type ValueTable,
  type ValueTableParams,
  type ValueText,
  VERSIONS,
  type Versions,
  type VersionsParams,
} from "./protocol.gen";

export const pinsNotification = new NotificationType<FilePins>(PINS_CHANGED);
export const progressNotification = new NotificationType<ProgressParams>(PROGRESS);
export const outputNotification = new NotificationType<OutputParams>(OUTPUT);
export const resultNotification = new NotificationType<ResultParams>(RESULT);
export const displayNotification = new NotificationType<DisplayParams>(DISPLAY);
export const sessionNotification = new NotificationType<SessionParams>(SESSION_CHANGED);
export const redefinedNotification = new NotificationType<RedefinedParams>(REDEFINED);
export const unresponsiveNotification = new NotificationType<UnresponsiveParams>(UNRESPONSIVE);
export const resolvedNotification = new NotificationType<ResolvedParams>(RESOLVED);
export const recoveryOfferedNotification = new NotificationType<RecoveryOfferedParams>(
  RECOVERY_OFFERED,
);
export const replayNotification = new NotificationType<ReplayParams>(REPLAY_PROGRESS);
export const staleNotification = new NotificationType<StaleParams>(STALE);
export const freshNotification = new NotificationType<FreshParams>(FRESH);
export const evaluatedNotification = new NotificationType<EvaluatedParams>(EVALUATED);
export const definitionsChangedNotification = new NotificationType<DefinitionsChangedParams>(
  DEFINITIONS_CHANGED,
);
export const testsNotification = new NotificationType<TestsParams>(TESTS);
export const fixturesLostNotification = new NotificationType<FixturesLostParams>(FIXTURES_LOST);
export const targetRequest = new RequestType<TargetParams, Target | null, void>(TARGET);
export const inputRequest = new RequestType<InputParams, InputAnswer, void>(INPUT);

/** A command of the daemon, asked for by `workspace/executeCommand`. */
export interface DaemonCommand<Argument, Answer> {
  readonly name: string;
  /** Only for the types: a command is told from another by what it takes and answers. */
  readonly shape?: (argument: Argument) => Answer;
}

export const evaluateCommand: DaemonCommand<EvaluateParams, Evaluation> = { name: EVALUATE };
export const evaluateTextCommand: DaemonCommand<EvaluateTextParams, Evaluation> = {
  name: EVALUATE_TEXT,
};
export const redefineCommand: DaemonCommand<RedefineParams, Redefinition> = { name: REDEFINE };
export const interruptCommand: DaemonCommand<InterruptParams, InterruptAnswer> = {
  name: INTERRUPT,
};
export const queueCommand: DaemonCommand<QueueParams, Queue> = { name: QUEUE };
export const restartCommand: DaemonCommand<RestartParams, ReplayedSession> = { name: RESTART };
export const interpretersCommand: DaemonCommand<InterpretersParams, null> = {
  name: INTERPRETERS,
};
export const stopCommand: DaemonCommand<StopParams, SessionInfo> = { name: STOP };
export const rerunStaleCommand: DaemonCommand<RerunStaleParams, Rerun> = { name: RERUN_STALE };
export const bringUpToDateCommand: DaemonCommand<BringUpToDateParams, UpToDate> = {
  name: BRING_UP_TO_DATE,
};
export const askedNotification = new NotificationType<AskedParams>(ASKED);
export const shownCommand: DaemonCommand<ShownParams, Shown> = { name: SHOWN };
export const shutDownCommand: DaemonCommand<ShutDownParams, null> = { name: SHUT_DOWN };
export const dismissCommand: DaemonCommand<DismissParams, null> = { name: DISMISS };
export const keepValueCommand: DaemonCommand<KeepValueParams, null> = { name: KEEP_VALUE };

export const forgetKeptCommand: DaemonCommand<ForgetKeptParams, ForgottenValues> = {
  name: FORGET_KEPT,
};
export const patchesCommand: DaemonCommand<PatchesParams, Patches> = { name: PATCHES };
export const revertPatchCommand: DaemonCommand<RevertPatchParams, Redefinition> = {
  name: REVERT_PATCH,
};

export const historyCommand: DaemonCommand<HistoryParams, HistoryEntry[]> = { name: HISTORY };
export const entryCommand: DaemonCommand<EntryParams, EntryText> = { name: ENTRY };
export const livesCommand: DaemonCommand<LivesParams, Life[]> = { name: LIVES };
export const recoverableCommand: DaemonCommand<RecoverableParams, Recoverable | null> = {
  name: RECOVERABLE,
};
export const recoverCommand: DaemonCommand<RecoverParams, ReplayedSession> = { name: RECOVER };
export const dismissRecoveryCommand: DaemonCommand<DismissRecoveryParams, null> = {
  name: DISMISS_RECOVERY,
};
export const framesCommand: DaemonCommand<FramesParams, HeldFrames> = { name: FRAMES };
export const resumeCommand: DaemonCommand<ResumeParams, Evaluation> = { name: RESUME };
export const resumePointCommand: DaemonCommand<ResumePointParams, ResumePoint> = {
  name: RESUME_POINT,
};
export const undoCommand: DaemonCommand<UndoParams, Undo> = { name: UNDO };
export const versionsCommand: DaemonCommand<VersionsParams, Versions> = { name: VERSIONS };
export const redefineToCommand: DaemonCommand<RedefineToParams, Redefinition> = {
  name: REDEFINE_TO,
};
export const definitionsCommand: DaemonCommand<DefinitionsRequestParams, Definitions> = {
  name: DEFINITIONS,
};
export const compareCommand: DaemonCommand<CompareParams, Comparison> = { name: COMPARE };

export const pinCommand: DaemonCommand<PinParams, PinAnswer> = { name: PIN };
export const unpinCommand: DaemonCommand<UnpinParams, null> = { name: UNPIN };
export const pinsCommand: DaemonCommand<PinsParams, PinsAnswer> = { name: PINS };
export const runPinsCommand: DaemonCommand<RunPinsParams, PinsAnswer> = { name: RUN_PINS };
export const savePinsCommand: DaemonCommand<SavePinsParams, SavedPins> = { name: SAVE_PINS };
export const affectedTestsCommand: DaemonCommand<AffectedTestsParams, AffectedTests> = {
  name: AFFECTED_TESTS,
};
export const runTestsCommand: DaemonCommand<RunTestsParams, TestRun> = { name: RUN_TESTS };
export const stopTestsCommand: DaemonCommand<StopTestsParams, StoppedTests> = { name: STOP_TESTS };
export const fixturesCommand: DaemonCommand<FixturesParams, FixtureList> = { name: FIXTURES };
export const useFixtureCommand: DaemonCommand<UseFixtureParams, UsedFixtures> = {
  name: USE_FIXTURE,
};
export const releaseFixturesCommand: DaemonCommand<ReleaseFixturesParams, ReleasedFixtures> = {
  name: RELEASE_FIXTURES,
};

/** What of a value can be asked for; each may be gone by then. */
type ValueCommand<Argument, Answer> = DaemonCommand<Argument, Answer | Gone>;

export const valueTextCommand: ValueCommand<ValueParams, ValueText> = { name: VALUE_TEXT };
export const valueMimesCommand: ValueCommand<ValueParams, ValueMimes> = { name: VALUE_MIMES };
export const valueMimeCommand: ValueCommand<ValueMimeParams, ValueMime> = { name: VALUE_MIME };
export const valueChildrenCommand: ValueCommand<ValueChildrenParams, ValueChildren> = {
  name: VALUE_CHILDREN,
};
export const oldInstancesCommand: ValueCommand<OldInstancesParams, OldInstances> = {
  name: OLD_INSTANCES,
};
export const valueTableCommand: ValueCommand<ValueTableParams, ValueTable> = { name: VALUE_TABLE };
