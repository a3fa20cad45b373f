// The connection to the daemon: vscode-languageclient, minus what Relive does otherwise.

import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import {
  type CancellationToken,
  CodeAction,
  type Command,
  type Diagnostic,
  type Hover,
  type LogOutputChannel,
  type Position,
  type TextDocument,
} from "vscode";
import {
  CloseAction,
  type CloseHandlerResult,
  type DynamicFeature,
  type ErrorHandler,
  type ErrorHandlerResult,
  type Executable,
  ExecuteCommandRequest,
  HoverRequest,
  LanguageClient,
  type LanguageClientOptions,
  type Message,
  RevealOutputChannelOn,
  type StaticFeature,
  type StreamInfo,
} from "vscode-languageclient/node";
import { visible } from "./annotations/plainText";
import type { CommandLine } from "./python/daemonPython";

export interface ConnectionOptions {
  readonly log: LogOutputChannel;
  /** Asked each time a connection begins, also by itself once one was lost. */
  readonly initializationOptions: () => object;
  /** The folder the daemon starts in: not the workspace, whose files it must never import. */
  readonly cwd: string;
  /** Reaches a daemon that outlives us; undefined: ours is started over pipes. */
  readonly reach: ((hear: (log: NodeJS.ReadableStream) => void) => Promise<Socket>) | undefined;
  /** The daemon went away unasked. */
  readonly onLost: (willRestart: boolean) => void;
}

export const DOCUMENTS = [
  { language: "python", scheme: "file" },
  { language: "python", scheme: "untitled" },
] as const;

/** Asked by our own code, and by none of the client library's features. */
const OURS: readonly string[] = [ExecuteCommandRequest.method, HoverRequest.method];

/** What a daemon that has ended wrote to its log is read a moment later. */
const LAST_WORDS_MS = 1000;

export class ReliveClient extends LanguageClient {
  readonly #words: Words;
  #isToEnd = false;

  constructor({ command, args }: CommandLine, options: ConnectionOptions) {
    const words = new Words(options.log);
    const { reach } = options;
    const started: Executable = { command, args: [...args], options: { cwd: options.cwd } };
    const server = reach === undefined ? started : () => joined(reach, words);
    super("relive", "Relive", server, clientOptions(options, words));
    this.#words = words;
    this.clientOptions.errorHandler = new Restarting(this, options.onLost);
  }

  /**
   * The daemon's commands are not registered as the editor's: `relive.redefine` is in both lists,
   * and the editor's own does more. What it says of names is a part of our own hover.
   */
  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    const isOurs = "registrationType" in feature && OURS.includes(feature.registrationType.method);
    if (!isOurs) {
      super.registerFeature(feature);
    }
  }

  /** What a name stands for in the live process. */
  async hover(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<Hover | undefined> {
    const place = this.code2ProtocolConverter.asTextDocumentPositionParams(document, position);
    const told = await this.sendRequest(HoverRequest.type, place, token);
    return this.protocol2CodeConverter.asHover(told);
  }

  /** Whether the daemon was asked to end: that it does is no loss. */
  get isToEnd(): boolean {
    return this.#isToEnd;
  }

  /** From here on the daemon may end at any time. */
  expectEnd(): void {
    this.#isToEnd = true;
  }

  /** The last line that a daemon that has ended wrote to its log: why it ended. */
  async lastWords(): Promise<string | undefined> {
    await Promise.race([
      this.#words.ended,
      new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS)),
    ]);
    return this.#words.last;
  }

  /** Only logs: whoever asked for something tells the user, once, what became of it. */
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

async function joined(
  reach: NonNullable<ConnectionOptions["reach"]>,
  words: Words,
): Promise<StreamInfo> {
  const socket = await reach((log) => words.hear(log));
  return { reader: socket, writer: socket, detached: true };
}

/** What the daemon writes to its log, line by line. */
class Words {
  readonly #log: LogOutputChannel;
  #end: () => void = () => undefined;
  last: string | undefined;
  readonly ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });

  constructor(log: LogOutputChannel) {
    this.#log = log;
  }

  hear(input: NodeJS.ReadableStream): void {
    const lines = createInterface({ input });
    lines.on("line", (line) => {
      this.last = line;
      this.#log.info(`daemon: ${line}`);
    });
    lines.on("close", () => this.#end());
  }
}

function clientOptions(
  { log, initializationOptions }: ConnectionOptions,
  words: Words,
): LanguageClientOptions {
  return {
    documentSelector: [...DOCUMENTS],
    synchronize: { configurationSection: "relive" },
    initializationOptions,
    initializationFailedHandler: () => false,
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // Nothing the daemon sends may run a command: hovers are the client's own.
    markdown: { isTrusted: false, supportHtml: false },
    middleware: {
      provideCodeActions: async (document, range, context, token, next) =>
        (await next(document, range, context, token))?.map(withReason),
      handleDiagnostics: (uri, diagnostics, next) => next(uri, diagnostics.map(readable)),
    },
    stdioOptions: {
      stdout: () => undefined,
      stderr: (input) => words.hear(input),
    },
  };
}

/** What user code says must not hide or reorder what stands around it in a list. */
function readable(diagnostic: Diagnostic): Diagnostic {
  diagnostic.message = visible(diagnostic.message);
  for (const related of diagnostic.relatedInformation ?? []) {
    related.message = visible(related.message);
  }
  return diagnostic;
}

/** The editor's list of actions shows the title alone, and greys out what cannot be taken without saying why. */
function withReason(action: Command | CodeAction): Command | CodeAction {
  if (action instanceof CodeAction && action.disabled !== undefined) {
    action.title += ` · ${action.disabled.reason}`;
  }
  return action;
}

/** The default policy, except that a daemon that never got as far as to answer is not tried again. */
class Restarting implements ErrorHandler {
  readonly #client: ReliveClient;
  readonly #usual: ErrorHandler;
  readonly #onLost: (willRestart: boolean) => void;

  constructor(client: ReliveClient, onLost: (willRestart: boolean) => void) {
    this.#client = client;
    this.#usual = client.createDefaultErrorHandler();
    this.#onLost = onLost;
  }

  error(
    error: Error,
    message: Message | undefined,
    count: number | undefined,
  ): ErrorHandlerResult | Promise<ErrorHandlerResult> {
    return this.#usual.error(error, message, count);
  }

  async closed(): Promise<CloseHandlerResult> {
    const isMissed = this.#client.isRunning() && !this.#client.isToEnd;
    const usual = isMissed ? await this.#usual.closed() : { action: CloseAction.DoNotRestart };
    this.#onLost(usual.action === CloseAction.Restart);
    return { ...usual, handled: true };
  }
}
