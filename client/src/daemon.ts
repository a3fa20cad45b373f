// The daemon as the client sees it: started when it is needed, at most once at a time, never untrusted.

import { join } from "node:path";
import {
  type CancellationToken,
  EventEmitter,
  type ExtensionContext,
  type Hover,
  type LogOutputChannel,
  type Position,
  type TextDocument,
  workspace,
} from "vscode";
import {
  ErrorCodes,
  ExecuteCommandRequest,
  ResponseError,
  State,
} from "vscode-languageclient/node";
import { DaemonLost, UserError } from "./errors";
import { KeptDaemon } from "./kept/keptDaemon";
import { ReliveClient } from "./languageClient";
import { untilTold } from "./lateSettings";
import {
  type DaemonCommand,
  interpretersCommand,
  shutDownCommand,
  targetRequest,
} from "./protocol";
import type { Target, TargetParams } from "./protocol.gen";
import { type CommandLine, daemonCommand } from "./python/daemonPython";
import type { Chosen, Environments } from "./python/environment";
import { tellWhoChose } from "./python/setting";
import type { Trusted } from "./trust";
import { type Listener, listen } from "./unasked";

export type DaemonState = "off" | "starting" | "running" | "failed";

/** Who wants it to run: only the user may have the workspace's own interpreter run for it. */
export type StartedBy = "user" | "editor";

export class Daemon {
  readonly #context: ExtensionContext;
  readonly #log: LogOutputChannel;
  readonly #environments: Environments;
  readonly #listener: Listener;
  readonly #changed = new EventEmitter<DaemonState>();
  readonly #lost = new EventEmitter<void>();
  readonly #joined = new EventEmitter<void>();
  readonly #kept: KeptDaemon;
  #starting: Promise<ReliveClient> | undefined;
  #client: ReliveClient | undefined;
  #line: CommandLine | undefined;
  #chosen: Chosen = { interpreter: null, interpreters: {} };
  /** Whether others may be chosen by now than the one that starts is told of. */
  #isOutdated = false;
  #renewal: Promise<void> = Promise.resolve();
  #state: DaemonState = "off";
  /** Whether the one that is connected outlives us, and has to be asked to end. */
  #isApart = false;

  readonly onDidChangeState = this.#changed.event;
  /** The daemon is gone, and every session with it. */
  readonly onDidLose = this.#lost.event;
  /** A daemon is connected that ran before: there is something to catch up on. */
  readonly onDidJoin = this.#joined.event;

  constructor(
    context: ExtensionContext,
    log: LogOutputChannel,
    environments: Environments,
    listener: Listener,
  ) {
    this.#context = context;
    this.#log = log;
    this.#environments = environments;
    this.#listener = listener;
    this.#kept = new KeptDaemon(context, log);
  }

  get state(): DaemonState {
    return this.#state;
  }

  /** Gives the running daemon, starting it if need be. */
  start(trusted: Trusted, by: StartedBy): Promise<ReliveClient> {
    this.#starting ??= this.#start(trusted, by).catch((failure: unknown) => {
      this.#starting = undefined;
      this.#setState("failed");
      throw failure;
    });
    return this.#starting;
  }

  async #start(trusted: Trusted, by: StartedBy): Promise<ReliveClient> {
    this.#setState("starting");
    this.#isOutdated = false;
    const { extension, extensionPath } = this.#context;
    await untilTold(workspace.workspaceFolders ?? [], extension.packageJSON);
    this.#chosen = await this.#environments.chosen(workspace.workspaceFolders ?? []);
    const line = await daemonCommand(trusted, {
      extensionPath,
      setting: workspace.getConfiguration("relive").get<string>("daemon.path", "").trim(),
      interpreter: by === "user" ? (this.#chosen.interpreter ?? undefined) : undefined,
    });
    const client = await this.#connect(line);
    this.#client = client;
    this.#line = line;
    await this.#isConnected();
    return client;
  }

  async #connect(line: CommandLine): Promise<ReliveClient> {
    this.#log.info(`Starting the daemon: ${[line.command, ...line.args].join(" ")}`);
    const cwd = join(this.#context.extensionPath, "server");
    const kept = this.#kept;
    this.#isApart = kept.isWanted;
    const client: ReliveClient = new ReliveClient(line, {
      log: this.#log,
      initializationOptions: () => ({
        ...this.#chosen,
        startup: "ask",
        settings: workspace.getConfiguration().get<object>("relive", {}),
      }),
      cwd,
      reach: this.#isApart ? (hear) => kept.connect(line, { cwd, hear }) : undefined,
      onLost: (willRestart) => this.#onLost(client, willRestart),
    });
    listen(client, this.#listener);
    try {
      await client.start();
    } catch (failure) {
      if (kept.silence !== undefined) {
        throw kept.silence;
      }
      const cause = (await client.lastWords()) ?? String(failure);
      throw new UserError(
        `Relive's server did not start. ${line.command} says: ${cause}. Choose another Python for it in relive.daemon.path, or install Relive anew.`,
      );
    }
    return client;
  }

  async execute<Argument, Answer>(
    trusted: Trusted,
    command: DaemonCommand<Argument, Answer>,
    argument: Argument,
  ): Promise<Answer> {
    void tellWhoChose(this.#context.workspaceState);
    return request(await this.start(trusted, "user"), command, argument);
  }

  /**
   * Has the daemon know which interpreters are chosen by now. What runs goes on in the ones that it began with, and
   * is said to be another's; what begins takes these.
   */
  renewInterpreters(): Promise<void> {
    this.#isOutdated ||= this.#state === "starting";
    const renewal = this.#renewal.then(() => this.#renew());
    // One after another, so that the last choice is the last to be told.
    this.#renewal = renewal.catch(() => undefined);
    return renewal;
  }

  async #renew(): Promise<void> {
    if (this.#state === "running") {
      this.#chosen = await this.#environments.chosen(workspace.workspaceFolders ?? []);
      await this.query(interpretersCommand, this.#chosen);
    }
  }

  /** Asks what the user has not asked for: only a daemon that runs. */
  async query<Argument, Answer>(
    command: DaemonCommand<Argument, Answer>,
    argument: Argument,
  ): Promise<Answer> {
    if (this.#client === undefined) {
      throw new DaemonLost();
    }
    return request(this.#client, command, argument);
  }

  /** What a name stands for in the live process, as far as a daemon that runs knows. */
  async hover(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<Hover | undefined> {
    return this.#client?.hover(document, position, token);
  }

  /** What has started the daemon, for programs that join it: it runs by then. */
  async commandLine(trusted: Trusted): Promise<CommandLine> {
    await this.start(trusted, "user");
    if (this.#line === undefined) {
      throw new DaemonLost();
    }
    return this.#line;
  }

  async target(trusted: Trusted, params: TargetParams): Promise<Target | null> {
    const client = await this.start(trusted, "user");
    return client.sendRequest(targetRequest, params).catch(asLoss);
  }

  /** Ends the daemon and its sessions. The next `start` chooses the interpreter anew. */
  async stop(): Promise<void> {
    const client = await this.#starting?.catch(() => undefined);
    if (client !== undefined && this.#isApart) {
      this.#client = undefined;
      client.expectEnd();
      await this.#kept.forget();
      await request(client, shutDownCommand, {}).catch(() => undefined);
    }
    await this.leave();
  }

  /** Ends a daemon that could not be joined because it does not answer; false: there is none. */
  endSilent(): Promise<boolean> {
    return this.#kept.endSilent();
  }

  /** Ends the connection: the window closes. A daemon that is not kept ends with it. */
  async leave(): Promise<void> {
    const client = await this.#starting?.catch(() => undefined);
    this.#client = undefined;
    this.#starting = undefined;
    if (client !== undefined) {
      await client.dispose().catch((failure: unknown) => this.#log.info(String(failure)));
      this.#lost.fire();
    }
    this.#setState("off");
  }

  /** One that never ran, or was given up, is nobody's loss. */
  #onLost(client: ReliveClient, willRestart: boolean): void {
    if (client !== this.#client) {
      return;
    }
    this.#log.error(`The daemon is gone${willRestart ? "; joining or starting it again" : ""}.`);
    this.#lost.fire();
    if (willRestart) {
      this.#watchRestart(client);
    } else {
      this.#giveUp();
    }
  }

  /** The client library starts it again by itself; until it has, requests wait for it. */
  #watchRestart(client: ReliveClient): void {
    this.#setState("starting");
    const subscription = client.onDidChangeState(({ newState }) => {
      if (newState === State.Running || newState === State.StartFailed) {
        subscription.dispose();
        newState === State.Running ? void this.#isConnected() : this.#giveUp();
      }
    });
  }

  /** The next that needs it starts another, or learns why there is none. */
  #giveUp(): void {
    this.#client = undefined;
    this.#starting = undefined;
    this.#setState("failed");
  }

  /** With one that ran before there is something to catch up on; any may have begun with a choice that is none by now. */
  async #isConnected(): Promise<void> {
    this.#setState("running");
    if (this.#kept.hasJoined) {
      this.#joined.fire();
    }
    if (this.#isOutdated) {
      this.#isOutdated = false;
      await this.renewInterpreters().catch((failure: unknown) => this.#log.error(String(failure)));
    }
  }

  #setState(state: DaemonState): void {
    if (state !== this.#state) {
      this.#state = state;
      this.#changed.fire(state);
    }
  }
}

/** What the connection says of an answer that will never come is nothing the user could make sense of. */
function request<Argument, Answer>(
  client: ReliveClient,
  { name }: DaemonCommand<Argument, Answer>,
  argument: Argument,
): Promise<Answer> {
  const params = { command: name, arguments: [argument] };
  const answer = client.sendRequest(ExecuteCommandRequest.type, params).catch(asLoss);
  // SAFETY: the daemon's answers are checked against the shapes the types are generated from.
  return answer as Promise<Answer>;
}

function asLoss(failure: unknown): never {
  const code = failure instanceof ResponseError ? failure.code : undefined;
  const lost =
    code === ErrorCodes.PendingResponseRejected || code === ErrorCodes.ConnectionInactive;
  throw lost ? new DaemonLost() : failure;
}
