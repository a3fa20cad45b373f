// What the daemon says unasked: who hears it, and of which messages it comes.

import { callsCapturedNotification } from "./captured/protocol";
import type { ReliveClient } from "./languageClient";
import {
  askedNotification,
  definitionsChangedNotification,
  displayNotification,
  evaluatedNotification,
  fixturesLostNotification,
  freshNotification,
  inputRequest,
  outputNotification,
  pinsNotification,
  progressNotification,
  recoveryOfferedNotification,
  redefinedNotification,
  replayNotification,
  resolvedNotification,
  resultNotification,
  sessionNotification,
  staleNotification,
  testsNotification,
  unresponsiveNotification,
} from "./protocol";
import type {
  AskedParams,
  CallsCapturedParams,
  DefinitionsChangedParams,
  DisplayParams,
  EvaluatedParams,
  FilePins,
  FixturesLostParams,
  FreshParams,
  InputAnswer,
  InputParams,
  OutputParams,
  ProgressParams,
  RecoveryOfferedParams,
  RedefinedParams,
  ReplayParams,
  ResolvedParams,
  ResultParams,
  SessionParams,
  StaleParams,
  StartupAnswer,
  StartupParams,
  TestsParams,
  UnresponsiveParams,
} from "./protocol.gen";
import { startupRequest } from "./startup/protocol";

/** What the daemon says unasked. */
export interface Listener {
  asked(params: AskedParams): void;
  progress(params: ProgressParams): void;
  output(params: OutputParams): void;
  result(params: ResultParams): void;
  display(params: DisplayParams): void;
  stale(params: StaleParams): void;
  fresh(params: FreshParams): void;
  evaluated(params: EvaluatedParams): void;
  pins(params: FilePins): void;
  session(params: SessionParams): void;
  unresponsive(params: UnresponsiveParams): void;
  resolved(params: ResolvedParams): void;
  redefined(params: RedefinedParams): void;
  recoverable(params: RecoveryOfferedParams): void;
  replay(params: ReplayParams): void;
  definitionsChanged(params: DefinitionsChangedParams): void;
  captured(params: CallsCapturedParams): void;
  tests(params: TestsParams): void;
  fixturesLost(params: FixturesLostParams): void;
  startup(params: StartupParams): Promise<StartupAnswer>;
  input(params: InputParams, cancelled: AbortSignal): Promise<InputAnswer>;
}

/** Has what a daemon says be heard. */
export function listen(client: ReliveClient, listener: Listener): void {
  client.onNotification(askedNotification, (params) => listener.asked(params));
  client.onNotification(progressNotification, (params) => listener.progress(params));
  client.onNotification(outputNotification, (params) => listener.output(params));
  client.onNotification(resultNotification, (params) => listener.result(params));
  client.onNotification(displayNotification, (params) => listener.display(params));
  client.onNotification(staleNotification, (params) => listener.stale(params));
  client.onNotification(freshNotification, (params) => listener.fresh(params));
  client.onNotification(evaluatedNotification, (params) => listener.evaluated(params));
  client.onNotification(pinsNotification, (params) => listener.pins(params));
  client.onNotification(sessionNotification, (params) => listener.session(params));
  client.onNotification(redefinedNotification, (params) => listener.redefined(params));
  client.onNotification(resolvedNotification, (params) => listener.resolved(params));
  client.onNotification(unresponsiveNotification, (params) => listener.unresponsive(params));
  client.onNotification(recoveryOfferedNotification, (params) => listener.recoverable(params));
  client.onNotification(replayNotification, (params) => listener.replay(params));
  client.onNotification(definitionsChangedNotification, (params) =>
    listener.definitionsChanged(params),
  );
  client.onNotification(callsCapturedNotification, (params) => listener.captured(params));
  client.onNotification(testsNotification, (params) => listener.tests(params));
  client.onNotification(fixturesLostNotification, (params) => listener.fixturesLost(params));
  client.onRequest(startupRequest, (params) => listener.startup(params));
  client.onRequest(inputRequest, (params, token) => {
    const cancelled = new AbortController();
    token.onCancellationRequested(() => cancelled.abort());
    return listener.input(params, cancelled.signal);
  });
}
