// The one status bar item: the session's true state, as the daemon tells it.

import {
  commands,
  Disposable,
  languages,
  StatusBarAlignment,
  type StatusBarItem,
  ThemeColor,
  Uri,
  window,
  workspace,
} from "vscode";
import type { Daemon, DaemonState } from "../daemon";
import { hasWork } from "../evaluation/sessions";
import { DOCUMENTS } from "../languageClient";
import type { ProgressParams, SessionParams } from "../protocol.gen";
import { counted, type Recoveries } from "../recovery/recoveries";
import { folderName } from "../recovery/replays";
import { isTrusted, onDidGrantTrust } from "../trust";
import { spoken, status } from "./statusText";

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
  readonly #recoveries: Recoveries;
  #daemon: DaemonState = "off";
  /** By their folders, the one that was told of last at the end. */
  readonly #sessions = new Map<string, SessionParams>();
  #elapsedMs = 0;
  #soon: NodeJS.Timeout | undefined;

  constructor(daemon: Daemon, recoveries: Recoveries) {
    this.#recoveries = recoveries;
    recoveries.onDidChange(() => this.#render());
    this.#item.name = "Relive";
    this.#item.command = "relive.actions";
    this.#subscriptions = Disposable.from(
      this.#item,
      daemon.onDidChangeState((state) => {
        this.#daemon = state;
        this.#render();
      }),
      daemon.onDidLose(() => this.#change(() => this.#sessions.clear())),
      onDidGrantTrust(() => this.#render()),
      window.onDidChangeActiveTextEditor(() => this.#render()),
    );
    this.#render();
  }

  get session(): SessionParams | undefined {
    return chosen([...this.#sessions.values()]);
  }

  /** Whether a Python process runs, with state that could be lost. */
  get hasProcess(): boolean {
    return [...this.#sessions.values()].some(({ pid }) => pid !== null);
  }

  get busy(): boolean {
    return [...this.#sessions.values()].some(({ state }) => state === "busy");
  }

  /** Whether there is anything that an interrupt would stop. */
  get hasWork(): boolean {
    return [...this.#sessions.values()].some(hasWork);
  }

  setSession(session: SessionParams): void {
    this.#change(() => {
      const folder = session.folder ?? "";
      this.#sessions.delete(folder);
      this.#sessions.set(folder, session);
    });
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

  #change(change: () => void): void {
    const { busy: wasBusy, hasProcess: hadProcess } = this;
    change();
    if (this.hasProcess !== hadProcess) {
      void commands.executeCommand("setContext", "relive.hasProcess", this.hasProcess);
    }
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
    const session = this.session;
    const { text, tooltip, severity } = status({
      trusted: isTrusted(),
      daemon: this.#daemon,
      session,
      name: session === undefined ? "" : nameOf(session),
      others: [...this.#sessions.values()]
        .filter((other) => other !== session)
        .map((other) => ({ name: nameOf(other), session: other })),
      elapsedMs: this.#elapsedMs,
      recoverable: recoverable(this.#recoveries),
    });
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: spoken({ text, tooltip }), role: "button" };
    this.#item.backgroundColor = BACKGROUNDS[severity];
    if (session !== undefined || inPython()) {
      this.#item.show();
    } else {
      this.#item.hide();
    }
  }
}

/** One that works, before that of the active editor, before the one that was told of last. */
function chosen(sessions: readonly SessionParams[]): SessionParams | undefined {
  const active = window.activeTextEditor?.document.uri;
  const folder = active && workspace.getWorkspaceFolder(active)?.uri.toString();
  const own = sessions.find((session) => session.folder === folder);
  const busy = sessions.filter(({ state }) => state === "busy");
  return own?.state === "busy" ? own : (busy.at(-1) ?? own ?? sessions.at(-1));
}

function recoverable({ offers, unfinished }: Recoveries): string[] {
  return [
    ...offers.map(
      ({ folder, evaluations }) =>
        `${folderName(folder)}: ${counted(evaluations)} of its last process can be recovered.`,
    ),
    ...unfinished.map(
      ({ folder, left }) =>
        `${folderName(folder)}: recovery stopped, ${counted(left.length)} not run again yet.`,
    ),
  ];
}

function nameOf({ folder = "" }: SessionParams): string {
  return workspace.getWorkspaceFolder(Uri.parse(folder))?.name ?? folder;
}

function inPython(): boolean {
  const document = window.activeTextEditor?.document;
  return document !== undefined && languages.match([...DOCUMENTS], document) > 0;
}
