// The list of what runs and what waits: each can be gone to, and cancelled.

import {
  commands,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
  QuickPickItemKind,
  ThemeIcon,
  Uri,
  window,
  workspace,
} from "vscode";
import { duration } from "../annotations/duration";
import { inList } from "../annotations/plainText";
import { relativePath } from "../documents";
import type { QueuedEvaluation } from "../protocol.gen";

/** What can be done with the queue. */
export interface QueueActions {
  all(): Promise<readonly QueuedEvaluation[]>;
  open(evaluation: QueuedEvaluation): Promise<void>;
  cancel(evaluation: QueuedEvaluation): Promise<void>;
  cancelAll(): Promise<void>;
  fail(failure: unknown): Promise<void>;
}

interface Item extends QuickPickItem {
  readonly evaluation?: QueuedEvaluation;
}

/** For the key that cancels the item it is on. */
const CONTEXT_KEY = "relive.queueShown";
/** A queue that moves fast is not read faster than this. */
const RENEWED_AFTER_MS = 250;

const CANCEL: QuickInputButton = { iconPath: new ThemeIcon("close"), tooltip: "Cancel" };
const CANCEL_ALL: QuickInputButton = {
  iconPath: new ThemeIcon("clear-all"),
  tooltip: "Cancel All",
};

export class QueueList {
  readonly #pick: QuickPick<Item> = window.createQuickPick<Item>();
  readonly #actions: QueueActions;
  #renewal: NodeJS.Timeout | undefined;
  #isShown = true;

  constructor(evaluations: readonly QueuedEvaluation[], actions: QueueActions) {
    this.#actions = actions;
    this.#pick.title = "Queue";
    this.#pick.matchOnDescription = true;
    this.#pick.keepScrollPosition = true;
    this.#pick.buttons = [CANCEL_ALL];
    this.#fill(evaluations);
    this.#listen();
  }

  /** Shows it until it is left; gives what tells it that there is something new. */
  show(): void {
    this.#pick.show();
    void commands.executeCommand("setContext", CONTEXT_KEY, true);
  }

  get isShown(): boolean {
    return this.#isShown;
  }

  /** The queue is another by now. */
  renew(): void {
    this.#renewal ??= setTimeout(() => this.#do(() => this.#renewNow()), RENEWED_AFTER_MS);
  }

  cancelActive(): void {
    const { evaluation } = this.#pick.activeItems[0] ?? {};
    if (evaluation !== undefined) {
      this.#do(() => this.#cancel(() => this.#actions.cancel(evaluation)));
    }
  }

  async #renewNow(): Promise<void> {
    this.#renewal = undefined;
    if (this.#isShown) {
      this.#fill(await this.#actions.all());
    }
  }

  /** The item that is chosen stays so. */
  #fill(evaluations: readonly QueuedEvaluation[]): void {
    const chosen = this.#pick.activeItems[0]?.evaluation;
    const items = itemsOf(evaluations);
    this.#pick.items = items;
    const again = items.find(({ evaluation }) => evaluation && chosen && same(evaluation, chosen));
    if (again !== undefined) {
      this.#pick.activeItems = [again];
    }
    const waiting = evaluations.filter(({ state }) => state === "queued").length;
    this.#pick.placeholder =
      evaluations.length === 0
        ? "Nothing runs and nothing waits"
        : `${waiting} waiting. Enter goes to the code, Delete cancels it`;
  }

  #listen(): void {
    const pick = this.#pick;
    pick.onDidHide(() => this.#leave());
    pick.onDidAccept(() => {
      const { evaluation } = pick.activeItems[0] ?? {};
      pick.hide();
      if (evaluation !== undefined) {
        this.#do(() => this.#actions.open(evaluation));
      }
    });
    pick.onDidTriggerItemButton(({ item: { evaluation } }) => {
      if (evaluation !== undefined) {
        this.#do(() => this.#cancel(() => this.#actions.cancel(evaluation)));
      }
    });
    pick.onDidTriggerButton(() => this.#do(() => this.#cancel(this.#actions.cancelAll)));
  }

  #leave(): void {
    this.#isShown = false;
    clearTimeout(this.#renewal);
    void commands.executeCommand("setContext", CONTEXT_KEY, false);
    this.#pick.dispose();
  }

  async #cancel(cancel: () => Promise<void>): Promise<void> {
    await cancel();
    await this.#renewNow();
  }

  #do(work: () => Promise<void>): void {
    work().catch(this.#actions.fail);
  }
}

function same(one: QueuedEvaluation, other: QueuedEvaluation): boolean {
  return one.id === other.id && one.session === other.session;
}

/** With several sessions each has its name above what it has to do. */
function itemsOf(evaluations: readonly QueuedEvaluation[]): Item[] {
  const several = new Set(evaluations.map(({ session }) => session)).size > 1;
  return evaluations.flatMap((evaluation, index) => {
    const first = evaluation.session !== evaluations[index - 1]?.session;
    return several && first
      ? [sessionItem(evaluation.session), itemOf(evaluation)]
      : [itemOf(evaluation)];
  });
}

function sessionItem(session: string): Item {
  const folder = workspace.getWorkspaceFolder(Uri.parse(session));
  return { label: folder?.name ?? session, kind: QuickPickItemKind.Separator };
}

function itemOf(evaluation: QueuedEvaluation): Item {
  const { code, state, elapsedMs, uri, range } = evaluation;
  const place =
    uri === null || range === null ? [] : [`${relativePath(uri)}:${range.start.line + 1}`];
  const how = state === "running" ? `running, ${duration(elapsedMs)}` : "waiting";
  return {
    evaluation,
    label: inList(code),
    iconPath: new ThemeIcon(state === "running" ? "sync" : "clock"),
    description: [how, ...place].join(" · "),
    buttons: [CANCEL],
  };
}
