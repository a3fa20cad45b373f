// How the user is told what happened: once, in their words, the rest in the log.

import { commands, type Disposable, type LogOutputChannel, window } from "vscode";
import { ErrorCodes, ResponseError } from "vscode-languageclient/node";
import { cut, withoutLinks } from "./annotations/plainText";
import { DaemonLost, NothingToDo, UserError } from "./errors";

const NOTICE_MS = 4000;
/** What is longer belongs in the log. */
const MAX_LENGTH = 400;

export class Messages {
  readonly #log: LogOutputChannel;
  readonly #isOffered: () => boolean;
  #notice: Disposable | undefined;

  /** `isOffered`: whether an offer to recover what is lost with the daemon is about to be made. */
  constructor(log: LogOutputChannel, isOffered: () => boolean) {
    this.#log = log;
    this.#isOffered = isOffered;
  }

  /** Says something in the status bar, in place of what was said there before. */
  notice(message: string): void {
    this.#notice?.dispose();
    this.#notice = window.setStatusBarMessage(`Relive: ${asMessage(message)}`, NOTICE_MS);
  }

  async failure(failure: unknown): Promise<void> {
    const isSaidByOffer = failure instanceof DaemonLost && this.#isOffered();
    if (failure instanceof NothingToDo || isSaidByOffer) {
      this.notice(failure.message);
    } else if (failure instanceof UserError) {
      await this.#warn(failure.message, failure.remedy);
    } else if (isAnswer(failure)) {
      await this.#warn(failure.message);
    } else {
      await this.#unexpected(failure);
    }
  }

  async #warn(message: string, remedy?: UserError["remedy"]): Promise<void> {
    this.#log.warn(message);
    const offers = remedy === undefined ? [] : [remedy.title];
    const chosen = await window.showWarningMessage(asMessage(message), ...offers);
    if (remedy !== undefined && chosen === remedy.title) {
      await commands.executeCommand(remedy.command);
    }
  }

  async #unexpected(failure: unknown): Promise<void> {
    const message = failure instanceof Error ? failure.message : String(failure);
    this.#log.error(failure instanceof Error ? (failure.stack ?? message) : message);
    const chosen = await window.showErrorMessage(`Relive: ${asMessage(message)}`, "Show Log");
    if (chosen !== undefined) {
      this.#log.show();
    }
  }
}

function asMessage(text: string): string {
  return withoutLinks(cut(text, MAX_LENGTH));
}

/** Whether the daemon itself said it, and not the connection about the daemon. */
function isAnswer(failure: unknown): failure is ResponseError<unknown> {
  return failure instanceof ResponseError && failure.code !== ErrorCodes.InternalError;
}
