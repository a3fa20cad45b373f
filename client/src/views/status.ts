// The one status bar item: the session's true state, as the daemon tells it.

import {
  commands,
  Disposable,
  languages,
  StatusBarAlignment,
  type StatusBarItem,
  ThemeColor,
  window,
} from "vscode";
import type { Daemon, DaemonState } from "../daemon";
import { DOCUMENTS } from "../languageClient";
import type { ProgressParams, SessionInfo, SessionParams } from "../protocol.gen";
import { isTrusted, onDidGrantTrust } from "../trust";
import { status } from "./statusText";

/** Shorter evaluations do not make the item flicker. */
const BUSY_AFTER_MS = 250;
const BACKGROUNDS = {
  none: undefined,
  warning: new ThemeColor("statusBarItem.warningBackground"),
  error: new ThemeColor("statusBarItem.errorBackground"),
};

export class StatusView implements Disposable {
  readonly #item: StatusBarItem = window.createStatusBarItem(
    "relive.status",
    StatusBarAlignment.Left,
  );
  readonly #subscriptions: Disposable;
  #daemon: DaemonState = "off";
  #session: SessionInfo | undefined;
  #elapsedMs = 0;
  #soon: NodeJS.Timeout | undefined;

  constructor(daemon: Daemon) {
    this.#item.name = "Relive";
    this.#item.command = "relive.actions";
    this.#subscriptions = Disposable.from(
      this.#item,
      daemon.onDidChangeState((state) => {
        this.#daemon = state;
        this.#render();
      }),
      daemon.onDidLose(() => this.#setSession(undefined)),
      onDidGrantTrust(() => this.#render()),
      window.onDidChangeActiveTextEditor(() => this.#render()),
    );
    this.#render();
  }

  get session(): SessionInfo | undefined {
    return this.#session;
  }

  /** Whether a Python process runs, with state that could be lost. */
  get hasProcess(): boolean {
    return this.#session !== undefined && this.#session.pid !== null;
  }

  get busy(): boolean {
    return this.#session?.state === "busy";
  }

  setSession(session: SessionParams): void {
    this.#setSession(session);
  }

  progress({ state, elapsedMs }: ProgressParams): void {
    if (state === "running") {
      this.#elapsedMs = elapsedMs;
      this.#renderSoon();
    }
  }

  dispose(): void {
    clearTimeout(this.#soon);
    this.#subscriptions.dispose();
  }

  #setSession(session: SessionInfo | undefined): void {
    const wasBusy = this.busy;
    this.#session = session;
    if (this.busy !== wasBusy) {
      this.#elapsedMs = 0;
      void commands.executeCommand("setContext", "relive.busy", this.busy);
    }
    this.#renderSoon();
  }

  /** Anything but being busy is shown at once; being busy, when it has lasted. */
  #renderSoon(): void {
    if (!this.busy) {
      this.#render();
    } else {
      this.#soon ??= setTimeout(() => this.#render(), BUSY_AFTER_MS);
    }
  }

  #render(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    const { text, tooltip, severity } = status({
      trusted: isTrusted(),
      daemon: this.#daemon,
      session: this.#session,
      elapsedMs: this.#elapsedMs,
    });
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.backgroundColor = BACKGROUNDS[severity];
    if (this.#session !== undefined || inPython()) {
      this.#item.show();
    } else {
      this.#item.hide();
    }
  }
}

function inPython(): boolean {
  const document = window.activeTextEditor?.document;
  return document !== undefined && languages.match([...DOCUMENTS], document) > 0;
}
