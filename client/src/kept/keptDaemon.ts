// The daemon of this workspace that outlives its window: joined again after a reload, or started.

import type { Socket } from "node:net";
import { type ExtensionContext, type LogOutputChannel, workspace } from "vscode";
import type { CommandLine } from "../python/daemonPython";
import type { Chosen } from "../python/environment";
import { join } from "./socket";
import { startApart } from "./starting";

const REMEMBERED = "relive.keptDaemon";

/** Where the last one listens, and what it was started as. */
interface Remembered {
  readonly socket: string;
  readonly version: string;
  readonly chosen?: Chosen;
}

export class KeptDaemon {
  readonly #context: ExtensionContext;
  readonly #log: LogOutputChannel;
  #hasJoined = false;

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

  /** The interpreters of the one that is remembered: its sessions run in them, whatever is chosen now. */
  get chosen(): Chosen | undefined {
    return this.#remembered?.chosen;
  }

  async connect(
    line: CommandLine,
    chosen: Chosen,
    apart: { cwd: string; hear: (log: NodeJS.ReadableStream) => void },
  ): Promise<Socket> {
    const former = await this.#joinAgain();
    if (former !== undefined) {
      return former;
    }
    const keepForSeconds = workspace
      .getConfiguration("relive")
      .get("session.keepAliveFor", KEEP_FOR_S);
    const socket = await startApart(line, { ...apart, keepForSeconds });
    await this.#remember({ socket, version: this.#version, chosen });
    return join(socket);
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
      const socket = await join(remembered.socket);
      this.#hasJoined = true;
      this.#log.info(`Joined the daemon at ${remembered.socket}`);
      return socket;
    } catch (failure) {
      this.#log.info(`The daemon at ${remembered.socket} is gone: ${String(failure)}`);
      return undefined;
    }
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

const KEEP_FOR_S = 10;
