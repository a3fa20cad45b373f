// The daemon of this workspace that outlives its window: joined again after a reload, or started.

import type { Socket } from "node:net";
import { type ExtensionContext, type LogOutputChannel, workspace } from "vscode";
import { UserError } from "../errors";
import type { CommandLine } from "../python/daemonPython";
import { isGone, isListening, join } from "./socket";
import { type Listening, startApart } from "./starting";

const REMEMBERED = "relive.keptDaemon";

/** Where the last one listens, and of which version it is. */
interface Remembered extends Listening {
  readonly version: string;
}

export class KeptDaemon {
  readonly #context: ExtensionContext;
  readonly #log: LogOutputChannel;
  #hasJoined = false;
  #isSilent = false;

  constructor(context: ExtensionContext, log: LogOutputChannel) {
    this.#context = context;
    this.#log = log;
  }

  /** Unix sockets are what it is joined by. */
  get isWanted(): boolean {
    const wanted = workspace.getConfiguration("relive").get("session.keepAlive", true);
    return wanted && process.platform !== "win32";
  }

  /** Whether the one that is connected was there before. */
  get hasJoined(): boolean {
    return this.#hasJoined;
  }

  /** Why there is no connection, if there is a daemon to connect to that does not answer. */
  get silence(): UserError | undefined {
    const pid = this.#remembered?.pid;
    return this.#isSilent && pid !== undefined ? new DaemonSilent(pid) : undefined;
  }

  async connect(
    line: CommandLine,
    apart: { cwd: string; hear: (log: NodeJS.ReadableStream) => void },
  ): Promise<Socket> {
    this.#isSilent = false;
    const former = await this.#joinAgain();
    if (former !== undefined) {
      return former;
    }
    const keepForSeconds = workspace
      .getConfiguration("relive")
      .get("session.keepAliveFor", KEEP_FOR_S);
    const listening = await startApart(line, { ...apart, keepForSeconds });
    await this.#remember({ ...listening, version: this.#version });
    return this.#join(listening);
  }

  /** Ends one that does not answer, and so cannot be asked to end; false: there is none. */
  async endSilent(): Promise<boolean> {
    const remembered = this.#remembered;
    // Whoever listens there is the process that made the socket: no other has been given its number.
    if (!this.#isSilent || remembered === undefined || !(await isListening(remembered.socket))) {
      return false;
    }
    process.kill(remembered.pid, "SIGKILL");
    this.#isSilent = false;
    await this.forget();
    return true;
  }

  /** It ends, or is to be no longer ours. */
  async forget(): Promise<void> {
    await this.#remember(undefined);
  }

  async #joinAgain(): Promise<Socket | undefined> {
    const remembered = this.#remembered;
    this.#hasJoined = false;
    if (remembered === undefined || remembered.version !== this.#version) {
      return undefined;
    }
    try {
      const socket = await this.#join(remembered);
      this.#hasJoined = true;
      this.#log.info(`Joined the daemon at ${remembered.socket}`);
      return socket;
    } catch (failure) {
      if (!isGone(failure)) {
        this.#isSilent = true;
        throw failure;
      }
      this.#log.info(`The daemon at ${remembered.socket} is gone: ${String(failure)}`);
      return undefined;
    }
  }

  #join({ socket }: Listening): Promise<Socket> {
    const onSilence = () => {
      this.#isSilent = true;
      this.#log.error(`The daemon at ${socket} does not answer`);
    };
    return join(socket, { onSilence });
  }

  get #version(): string {
    return String(this.#context.extension.packageJSON.version);
  }

  get #remembered(): Remembered | undefined {
    return this.#context.workspaceState.get<Remembered>(REMEMBERED);
  }

  async #remember(remembered: Remembered | undefined): Promise<void> {
    await this.#context.workspaceState.update(REMEMBERED, remembered);
  }
}

const KEEP_FOR_S = 60;

class DaemonSilent extends UserError {
  constructor(pid: number) {
    super(
      `Relive's server, process ${String(pid)}, has this window's session and does not answer: it may be suspended. Have it go on, as by kill -CONT ${String(pid)}, and press the key again; or end it, and the session with it.`,
      { title: "Shut Down Server", command: "relive.shutDown" },
    );
  }
}
