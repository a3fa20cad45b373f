// Owns every part of the client and wires them; what commands do, they do through it.

import {
  commands,
  Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  languages,
  window,
  workspace,
} from "vscode";
import { announce, announceEvaluation } from "./annotations/announcing";
import { followCursor } from "./annotations/cursor";
import { Decorations } from "./annotations/decorations";
import { fileName } from "./annotations/errorText";
import { ResultHover } from "./annotations/hover";
import { news } from "./annotations/news";
import { withoutLinks } from "./annotations/plainText";
import type { Told } from "./annotations/receipt";
import { AnnotationStore } from "./annotations/store";
import { Typing } from "./annotations/typing";
import { type FinishedEvaluation, type ReliveApi, shown } from "./api";
import { Captured } from "./captured/capturedCalls";
import { InlineMarks } from "./captured/inlineMarks";
import { runAgainCommand } from "./captured/protocol";
import { Daemon, type StartedBy } from "./daemon";
import { Definitions } from "./definitions/definitions";
import { EditedCount } from "./definitions/editedCount";
import { EditedFiles } from "./definitions/editedFiles";
import { Gutter } from "./definitions/gutter";
import { findDocument, followDocuments, isVisible, keyOf, openDocument } from "./documents";
import { DaemonLost } from "./errors";
import { type Called, Calls } from "./evaluation/calls";
import { Evaluations } from "./evaluation/evaluations";
import { Failures } from "./evaluation/failures";
import { Redefinitions } from "./evaluation/redefinitions";
import { CatchingUp } from "./evaluation/restoring";
import { Held } from "./held/held";
import { HeldHover } from "./held/hover";
import { HeldMarks } from "./held/marks";
import { Hovers } from "./hovers";
import { DOCUMENTS } from "./languageClient";
import { listenerOf } from "./listener";
import { Messages } from "./messages";
import { Pinning } from "./pins/pinning";
import { dismissCommand, evaluateCommand, evaluateTextCommand, resumeCommand } from "./protocol";
import type { CapturedCall, EvaluateParams, Evaluation, ResumeParams } from "./protocol.gen";
import type { Environments } from "./python/environment";
import { environmentsOf } from "./python/providers";
import { Comebacks } from "./recovery/comebacks";
import { Recovery } from "./recovery/recovery";
import { folderName } from "./recovery/replays";
import { editEntry, lookAtEntry } from "./recovery/showEntry";
import { Exhibits } from "./results/exhibits";
import { ResultsPanel } from "./results/panel";
import { Values } from "./results/values";
import { StartupCode } from "./startup/startupCode";
import { LiveTests } from "./testing/liveTests";
import { renewComments } from "./text/resultComments";
import { isTrusted, onDidGrantTrust, requireTrust, type Trusted } from "./trust";
import { ChangesView } from "./views/changesView";
import { DefinitionsView } from "./views/definitionsView";
import { HeldView } from "./views/heldView";
import { InputQuestions } from "./views/input";
import { ProgramOutput } from "./views/output";
import type { QueueList } from "./views/queueList";
import { ResultDocuments } from "./views/resultDocument";
import { StatusView } from "./views/status";
import { VariablesView } from "./views/variablesView";
import { reached } from "./walkthrough/milestones";
import { Sample } from "./walkthrough/sample";

const INSIDE_SHOWN_MS = 6000;

export class Context implements Disposable {
  readonly log: LogOutputChannel;
  readonly messages: Messages;
  readonly store = new AnnotationStore();
  readonly output = new ProgramOutput();
  readonly resultDocuments = new ResultDocuments();
  readonly questions = new InputQuestions();
  /** The list that is shown, or was shown last. */
  queueList: QueueList | undefined;
  readonly environments: Environments;
  readonly daemon: Daemon;
  readonly recovery: Recovery;
  readonly comebacks = new Comebacks();
  readonly status: StatusView;
  readonly changes: ChangesView;
  readonly definitions: Definitions;
  readonly definitionsView: DefinitionsView;
  readonly held: Held;
  readonly heldView: HeldView;
  readonly variablesView: VariablesView;
  readonly failures: Failures;
  readonly evaluations: Evaluations;
  readonly redefinitions: Redefinitions;
  readonly calls: Calls;
  readonly exhibits = new Exhibits((uri, line) => openDocument(uri)?.lines.at(line));
  readonly values: Values;
  readonly liveTests: LiveTests;
  readonly panel: ResultsPanel;
  readonly sample: Sample;
  readonly startup: StartupCode;
  readonly pinning: Pinning;
  readonly captured: Captured;
  /** Why what ran last is not in the change log. */
  #notLogged: string | undefined;
  readonly #finished = new EventEmitter<FinishedEvaluation>();
  readonly #subscriptions: Disposable;

  constructor(extension: ExtensionContext) {
    this.log = window.createOutputChannel("Relive", { log: true });
    this.messages = new Messages(this.log, () => this.#isAboutToOffer);
    this.startup = new StartupCode(extension.workspaceState);
    this.environments = environmentsOf(this.log);
    const typing = new Typing(this.store);
    const decorations = new Decorations(this.store, typing);
    const host = {
      document: openDocument,
      isVisible,
      flash: decorations.flash.bind(decorations),
    };
    this.failures = new Failures(this.store, host);
    this.evaluations = new Evaluations(this.store, host, this.failures);
    this.redefinitions = new Redefinitions(this.store, host);
    this.calls = new Calls(this.store, host, extension.workspaceState);
    this.daemon = new Daemon(extension, this.log, this.environments, listenerOf(this));
    const { daemon, evaluations, messages, resultDocuments: documents } = this;
    this.recovery = new Recovery(
      extension.workspaceState,
      (entry) => lookAtEntry({ daemon, documents }, entry),
      { daemon, evaluations, messages, editEntry: (entry) => editEntry(daemon, entry) },
    );
    this.pinning = new Pinning(this.daemon);
    this.captured = new Captured(this.daemon);
    this.status = new StatusView(this.daemon, this.recovery.recoveries);
    this.changes = new ChangesView(this.daemon);
    this.definitions = new Definitions(this.daemon);
    this.definitionsView = new DefinitionsView(this.definitions);
    this.held = new Held(this.daemon);
    this.heldView = new HeldView(this.held);
    this.variablesView = new VariablesView(this.daemon, this.held);
    this.values = new Values(this.daemon);
    this.sample = new Sample(extension);
    this.liveTests = new LiveTests(this.daemon, (failure) => messages.failure(failure));
    this.panel = new ResultsPanel(this.exhibits, this.values, extension.extensionUri);
    this.#subscriptions = Disposable.from(
      this.log,
      this.output,
      this.resultDocuments,
      this.panel,
      this.pinning,
      typing,
      decorations,
      this.status,
      this.changes,
      ...this.#showHeld(),
      this.variablesView,
      ...this.#showDefinitions(extension),
      this.liveTests,
      ...this.#follow(),
    );
    this.#readSettings();
    void commands.executeCommand("setContext", "relive.active", true);
    this.#startForEditor();
  }

  get api(): ReliveApi {
    return {
      whenReady: () => this.#start("user"),
      onDidFinishEvaluation: this.#finished.event,
      annotations: (uri) => {
        const maxLength = workspace.getConfiguration("relive").get("results.maxLength", 100);
        const document = findDocument(uri);
        const key = document === undefined ? uri : keyOf(document);
        return this.store.all(key).map((annotation) => shown(annotation, maxLength));
      },
    };
  }

  /** Evaluates code of a document and shows what comes of it; fails only when it could not be asked for. */
  async evaluate(params: Omit<EvaluateParams, "token">): Promise<Evaluation> {
    const trusted = requireTrust();
    const { token, finish, lose } = this.evaluations.begin(params.uri, params.scope === "file");
    const line = (params.range?.start ?? params.position)?.line ?? 0;
    this.output.announce(token, sourceOf(params), { uri: params.uri, line });
    let answer: Evaluation | undefined;
    try {
      answer = await this.daemon.execute(trusted, evaluateCommand, { ...params, token });
    } catch (failure) {
      if (failure instanceof DaemonLost) {
        lose();
      }
      throw failure;
    } finally {
      finish(answer);
    }
    this.#finished.fire({ uri: params.uri, evaluation: answer });
    passed(answer);
    this.#tellNotLogged(answer.notLogged);
    if (answer.inside !== undefined) {
      window.setStatusBarMessage(`Relive: it ran in ${answer.inside}`, INSIDE_SHOWN_MS);
    }
    await this.#renewComments(params.uri, answer);
    return answer;
  }

  /** Has what is held go on, and shows what comes of it where it would have been shown. */
  async resume(
    params: Omit<ResumeParams, "token">,
    document: string | undefined,
  ): Promise<Evaluation> {
    const trusted = requireTrust();
    const { token, finish } = this.evaluations.begin(document ?? "", false);
    let answer: Evaluation | undefined;
    try {
      answer = await this.daemon.execute(trusted, resumeCommand, { ...params, token });
    } finally {
      finish(answer);
    }
    announceEvaluation(answer);
    if (params.action !== "abandon") {
      reached("resumed");
    }
    if (document !== undefined) {
      this.#finished.fire({ uri: document, evaluation: answer });
      await this.#renewComments(document, answer);
    }
    return answer;
  }

  /** Evaluates a call in the module of the function's file, and says at the function what came of it. */
  async call(called: Called, expression: string): Promise<void> {
    const { uri } = called;
    await this.#called(called, expression, (trusted, token) =>
      this.daemon.execute(trusted, evaluateTextCommand, { text: expression, uri, token }),
    );
  }

  /** Calls the function of a captured call with the arguments it was given. */
  async callAgain({ call, again, ...called }: CapturedCall): Promise<void> {
    const { uri } = called;
    await this.#called(called, again, (trusted, token) =>
      this.daemon.execute(trusted, runAgainCommand, { call, uri, token }),
    );
  }

  async #called(
    called: Called,
    expression: string,
    execute: (trusted: Trusted, token: string) => Promise<Evaluation>,
  ): Promise<void> {
    const trusted = requireTrust();
    const generation = this.evaluations.nextGeneration();
    const token = String(generation);
    const finish = this.calls.begin(called, expression, generation);
    this.output.announce(token, expression);
    const answer = await execute(trusted, token);
    finish(answer);
    if (answer.status === "error" && answer.error !== null) {
      this.failures.show(generation, answer.error);
    }
  }

  /** Said when it begins and when it is for another reason, not with each evaluation. */
  #tellNotLogged(why: string | undefined): void {
    if (why !== undefined && why !== this.#notLogged) {
      this.log.warn(why);
      this.messages.notice(why);
    }
    this.#notLogged = why;
  }

  async #renewComments(uri: string, answer: Evaluation): Promise<void> {
    const document = findDocument(uri);
    if (document !== undefined) {
      await renewComments(document, answer);
    }
  }

  /** Shows what came of redefining whatever changed in files, and says it where the text cannot. */
  tell(occasion: string, uris: readonly string[], redefinition: Told): void {
    const generation = this.evaluations.nextGeneration();
    const seen = this.redefinitions.tell(uris, redefinition, generation);
    const { mark, text } = news(redefinition);
    announce(text);
    const names = redefinition.definitions.map(({ name }) => name).join(", ");
    this.log.info(`${occasion}: ${mark} ${text}${names === "" ? "" : ` (${names})`}`);
    if (!seen) {
      this.messages.notice(`${mark} ${text}`);
    }
  }

  /** Puts errors away, those of some evaluations or all: their marks, and what the daemon says of them. */
  async dismissErrors(generations?: readonly number[]): Promise<void> {
    const tokens = generations && this.failures.tokensOf(generations);
    this.failures.resolve(tokens);
    if (this.daemon.state === "running") {
      await this.daemon.execute(requireTrust(), dismissCommand, tokens ? { tokens } : {});
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #follow(): Disposable[] {
    return [
      this.captured,
      new InlineMarks(this.captured),
      followDocuments(this.store),
      workspace.onDidOpenTextDocument((document) => this.failures.opened(keyOf(document))),
      followCursor(this.store),
      languages.registerHoverProvider(
        [...DOCUMENTS],
        new Hovers(new ResultHover(this.store), new HeldHover(this.held), this.daemon),
      ),
      this.daemon.onDidLose(() => {
        this.store.expire();
        this.failures.resolve();
        this.exhibits.expire();
        this.recovery.recoveries.forget();
        this.comebacks.forget();
      }),
      new CatchingUp(this),
      onDidGrantTrust(() => this.#startForEditor()),
      workspace.onDidChangeConfiguration(() => this.#readSettings()),
      ...this.environments.watch(() => this.#interpretersChanged()),
      workspace.onDidChangeWorkspaceFolders(() => this.#interpretersChanged()),
      this.daemon.onDidJoin(() => this.#interpretersChanged()),
    ];
  }

  #showHeld(): Disposable[] {
    return [this.held, this.heldView, new HeldMarks(this.held, this.store)];
  }

  #showDefinitions(extension: ExtensionContext): Disposable[] {
    const files = new EditedFiles(this.definitions);
    return [
      this.definitions,
      this.definitionsView,
      new Gutter(this.definitions, extension.extension.packageJSON.contributes.colors),
      new EditedCount(this.definitions),
      files,
      window.registerFileDecorationProvider(files),
    ];
  }

  #readSettings(): void {
    const onEdit = workspace.getConfiguration("relive").get<string>("results.onEdit");
    this.store.clearsOnEdit = onEdit === "clear";
  }

  /** A daemon that starts again after its end offers to recover what was logged. */
  get #isAboutToOffer(): boolean {
    const isLogged = workspace.getConfiguration("relive").get("log.enabled", true);
    return isLogged && this.daemon.state === "starting";
  }

  async #start(by: StartedBy): Promise<void> {
    await this.daemon.start(requireTrust(), by);
  }

  /** Code actions and lenses need the daemon; it runs no user code. Failing is told when someone asks for something. */
  #startForEditor(): void {
    if (isTrusted()) {
      this.#start("editor").catch((failure: unknown) => this.log.error(String(failure)));
    }
  }

  #interpretersChanged(): void {
    this.daemon.renewInterpreters().catch((failure: unknown) => this.messages.failure(failure));
  }

  /** A restart would lose a session's state, so it is offered and not made. */
  async offerRestart(cause: string, folder: string): Promise<void> {
    const isOne = (workspace.workspaceFolders ?? []).length > 1 && folder !== "";
    const of = isOne ? ` of ${folderName(folder)}` : "";
    const restart = "Restart Session";
    const question = `The Python interpreter${of} was ${cause}. The session still runs the former one.`;
    if ((await window.showInformationMessage(withoutLinks(question), restart)) === restart) {
      await commands.executeCommand("relive.restart", { folder });
    }
  }
}

/** An evaluation was asked for and has ended. */
function passed(answer: Evaluation): void {
  const { status } = answer;
  announceEvaluation(answer);
  if (status === "ok" || status === "interrupted") {
    reached(status === "ok" ? "evaluated" : "interrupted");
  }
}

/** What the output of an evaluation is headed with. */
function sourceOf({ uri, range, position }: Omit<EvaluateParams, "token">): string {
  const line = (range?.start ?? position)?.line;
  return line === undefined ? fileName(uri) : `${fileName(uri)}:${line + 1}`;
}
