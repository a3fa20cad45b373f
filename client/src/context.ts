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
import { followCursor } from "./annotations/cursor";
import { Decorations } from "./annotations/decorations";
import { fileName } from "./annotations/errorText";
import { ResultHover } from "./annotations/hover";
import { news } from "./annotations/news";
import type { Told } from "./annotations/receipt";
import { AnnotationStore } from "./annotations/store";
import { Typing } from "./annotations/typing";
import { type FinishedEvaluation, type ReliveApi, shown } from "./api";
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
import { DOCUMENTS } from "./languageClient";
import { listenerOf } from "./listener";
import { Messages } from "./messages";
import { Pinning } from "./pins/pinning";
import { dismissCommand, evaluateCommand, evaluateTextCommand } from "./protocol";
import type { EvaluateParams, Evaluation } from "./protocol.gen";
import { Environments } from "./python/environment";
import { environmentsExtensionProvider } from "./python/environmentsExtension";
import { pythonExtensionProvider } from "./python/pythonExtension";
import { settingProvider } from "./python/setting";
import { machineProvider, workspaceEnvironmentProvider } from "./python/workspaceEnvironment";
import { Recovery } from "./recovery/recovery";
import { editEntry, lookAtEntry } from "./recovery/showEntry";
import { Exhibits } from "./results/exhibits";
import { ResultsPanel } from "./results/panel";
import { Values } from "./results/values";
import { LiveTests } from "./testing/liveTests";
import { renewComments } from "./text/resultComments";
import { isTrusted, onDidGrantTrust, requireTrust } from "./trust";
import { ChangesView } from "./views/changesView";
import { DefinitionsView } from "./views/definitionsView";
import { InputQuestions } from "./views/input";
import { ProgramOutput } from "./views/output";
import type { QueueList } from "./views/queueList";
import { ResultDocuments } from "./views/resultDocument";
import { StatusView } from "./views/status";

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
  readonly status: StatusView;
  readonly changes: ChangesView;
  readonly definitions: Definitions;
  readonly definitionsView: DefinitionsView;
  readonly failures: Failures;
  readonly evaluations: Evaluations;
  readonly redefinitions: Redefinitions;
  readonly calls: Calls;
  readonly exhibits = new Exhibits((uri, line) => openDocument(uri)?.lines.at(line));
  readonly values: Values;
  readonly liveTests: LiveTests;
  readonly panel: ResultsPanel;
  readonly pinning: Pinning;
  /** Why what ran last is not in the change log. */
  #notLogged: string | undefined;
  readonly #finished = new EventEmitter<FinishedEvaluation>();
  readonly #subscriptions: Disposable;

  constructor(extension: ExtensionContext) {
    this.log = window.createOutputChannel("Relive", { log: true });
    this.messages = new Messages(this.log, () => this.#isAboutToOffer);
    this.environments = new Environments(
      [
        settingProvider,
        environmentsExtensionProvider(this.log),
        pythonExtensionProvider(this.log),
        workspaceEnvironmentProvider,
        machineProvider,
      ],
      this.log,
    );
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
    this.status = new StatusView(this.daemon, this.recovery.recoveries);
    this.changes = new ChangesView(this.daemon);
    this.definitions = new Definitions(this.daemon);
    this.definitionsView = new DefinitionsView(this.definitions);
    this.values = new Values(this.daemon);
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
      this.definitions,
      this.definitionsView,
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
    this.#tellNotLogged(answer.notLogged);
    await this.#renewComments(params.uri, answer);
    return answer;
  }

  /** Evaluates a call in the module of the function's file, and says at the function what came of it. */
  async call(called: Called, expression: string): Promise<void> {
    const trusted = requireTrust();
    const generation = this.evaluations.nextGeneration();
    const token = String(generation);
    const finish = this.calls.begin(called, expression, generation);
    this.output.announce(token, expression);
    const params = { text: expression, uri: called.uri, token };
    const answer = await this.daemon.execute(trusted, evaluateTextCommand, params);
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
      followDocuments(this.store),
      workspace.onDidOpenTextDocument((document) => this.failures.opened(keyOf(document))),
      followCursor(this.store),
      languages.registerHoverProvider([...DOCUMENTS], new ResultHover(this.store)),
      this.daemon.onDidLose(() => {
        this.store.expire();
        this.failures.resolve();
        this.exhibits.expire();
        this.recovery.recoveries.forget();
      }),
      onDidGrantTrust(() => this.#startForEditor()),
      workspace.onDidChangeConfiguration(() => this.#readSettings()),
      ...this.environments.watch(() => void this.#interpreterChanged()),
    ];
  }

  #showDefinitions(extension: ExtensionContext): Disposable[] {
    const files = new EditedFiles(this.definitions);
    return [
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

  /** A restart would lose the session's state, so it is offered and not made, unless there is none to lose. */
  async #interpreterChanged(): Promise<void> {
    if (this.daemon.state !== "running") {
      return;
    }
    const chosen = await this.environments.interpreter(workspace.workspaceFolders?.[0]);
    if (chosen === this.daemon.interpreter) {
      return;
    }
    if (!(this.status.hasProcess || this.evaluations.areUnderWay)) {
      await this.daemon.stop();
      this.#startForEditor();
      return;
    }
    await this.offerRestart("The Python interpreter was changed.");
  }

  /** Asks whether to start anew, because the process is not the one it should be. */
  async offerRestart(cause: string): Promise<void> {
    const restart = "Restart Session";
    const question = `${cause} The session still runs the former one.`;
    if ((await window.showInformationMessage(question, restart)) === restart) {
      await commands.executeCommand("relive.restart");
    }
  }
}

/** What the output of an evaluation is headed with. */
function sourceOf({ uri, range, position }: Omit<EvaluateParams, "token">): string {
  const line = (range?.start ?? position)?.line;
  return line === undefined ? fileName(uri) : `${fileName(uri)}:${line + 1}`;
}
