// What the daemon says unasked, passed on to those it concerns.

import { fileName } from "./annotations/errorText";
import { slice } from "./annotations/evaluated";
import { tellComeback } from "./commands/rerunLost";
import type { Context } from "./context";
import { openDocument } from "./documents";
import { isAgain } from "./evaluation/running";
import { Sessions } from "./evaluation/sessions";
import type {
  AskedParams,
  EvaluatedParams,
  ProgressParams,
  RedefinedParams,
  ReplayParams,
  ResultParams,
  SessionParams,
} from "./protocol.gen";
import type { Listener } from "./unasked";
import { offerToTerminate } from "./views/unresponsive";

/** The context is asked when something is said; it need not be whole before. */
export function listenerOf(context: Context): Listener {
  const sessions = new Sessions(context.store, context.exhibits);
  return {
    asked: (params) => announceOther(context, params),
    progress: (params) => {
      announceAgain(context, params);
      context.evaluations.progress(params);
      context.status.progress(params);
      context.output.progress(params, () => codeAt(params));
    },
    output: (params) => {
      context.evaluations.output(params);
      context.output.add(params);
    },
    result: (params) => {
      context.evaluations.result(params);
      context.exhibits.result(params);
      printOther(context, params);
    },
    display: (params) => {
      context.evaluations.display(params);
      context.exhibits.display(params);
    },
    stale: ({ uri, results, reasons }) =>
      doubt(context, uri, new Map(results.map((id, index) => [id, reasons[index] ?? ""]))),
    fresh: ({ uri, results }) => doubt(context, uri, new Map(results.map((id) => [id, null]))),
    evaluated: (params) => {
      context.evaluations.evaluated(params);
      context.startup.evaluated(params);
      printFailureOfOther(context, params);
    },
    pins: (params) => context.pinning.board.take(params),
    session: (params) => changed(context, sessions, params),
    redefined: (params) => redefined(context, params),
    resolved: ({ token }) => context.failures.resolve(token === undefined ? [] : [token]),
    unresponsive: (params) => void offerToTerminate(params, context.resultDocuments),
    recoverable: (params) => void context.recovery.offered(params),
    definitionsChanged: ({ uris }) => context.definitions.changed(uris),
    captured: (params) => context.captured.heard(params),
    tests: (params) => context.liveTests.heard(params),
    fixturesLost: ({ names }) => lost(context, names),
    replay: (params) => replayed(context, params),
    startup: (params) => context.startup.allow(params),
    input: (params, withdrawn) => context.questions.ask(params, withdrawn),
  };
}

/** The store knows documents by their keys. */
function doubt(context: Context, uri: string, reasons: ReadonlyMap<string, string | null>): void {
  context.store.doubt(openDocument(uri)?.key ?? uri, reasons);
}

/** What runs again without a key being pressed is headed by its place, should it print. */
function announceAgain(context: Context, { token, uri, target, state }: ProgressParams): void {
  if (token && isAgain(token) && state === "queued" && uri !== null) {
    const line = target?.start.line ?? 0;
    context.output.announce(token, `${fileName(uri)}:${line + 1}`, { uri, line });
  }
}

/** What a console asks for is headed as it was typed there; what stands in a file by its place. */
function announceOther(context: Context, { token, text, uri, range }: AskedParams): void {
  if (uri !== null && range !== null) {
    const { line } = range.start;
    context.output.announce(token, `${fileName(uri)}:${line + 1}`, { uri, line });
  } else {
    context.output.announce(token, `>>> ${text.trimEnd()}`);
  }
}

/** Results of text that stands in no document here have no other place than the output. */
function printOther(context: Context, { id, uri, token, result }: ResultParams): void {
  if (isOthers(token) && uri === null && result.value !== null && result.value.text !== "None") {
    const text = `${result.value.text}\n`;
    context.output.add({ id, stream: "stdout", text, ...(token && { token }) });
  }
}

function printFailureOfOther(context: Context, { uri, token, evaluation }: EvaluatedParams): void {
  const { id, error } = evaluation;
  if (isOthers(token) && uri === null && error !== null) {
    const text = error.traceback || `${error.type}: ${error.message}\n`;
    context.output.add({ id, token, stream: "stderr", text });
  }
}

function isOthers(token: string | null | undefined): boolean {
  return token?.startsWith("other:") ?? false;
}

function changed(context: Context, sessions: Sessions, params: SessionParams): void {
  sessions.changed(params);
  context.status.setSession(params);
  context.held.changed(params);
  void tellComeback(context, params).catch((failure) => context.messages.failure(failure));
  context.queueList?.renew();
  context.changes.renew();
  if (params.state !== "busy") {
    context.variablesView.renew();
  }
  const cause = sessions.becomesOutdated(params);
  if (cause !== undefined) {
    void context.offerRestart(cause, params.folder ?? "");
  }
}

function redefined(context: Context, { origin, uris, redefinition }: RedefinedParams): void {
  const files = uris.length === 1 ? uris.map(fileName).join() : `${uris.length} files`;
  const occasion = origin === "save" ? "Saved" : "Changed on disk";
  context.tell(`${occasion}, ${files}`, uris, redefinition);
  context.changes.renew();
}

function lost({ log, messages }: Context, names: readonly string[]): void {
  const text = `the process ended, and its fixtures were not torn down: ${names.join(", ")}`;
  log.warn(text);
  messages.notice(text);
}

/** What prints is headed by the place of its code. */
function replayed(context: Context, params: ReplayParams): void {
  const { entry } = params;
  if (entry !== null && entry.uri !== null) {
    const { id, uri, range } = entry;
    const line = range?.start.line ?? 0;
    context.output.announce(id, `${fileName(uri)}:${line + 1}`, { uri, line });
  }
  context.recovery.replays.progress(params);
}

/** The lines of the code that is to run, as they are by now. */
function codeAt({ uri, target }: ProgressParams): readonly string[] {
  const lines = uri === null ? undefined : openDocument(uri)?.lines;
  return lines === undefined || target === null
    ? []
    : slice(lines, target.start.line, Math.min(target.end.line, lines.count - 1));
}
