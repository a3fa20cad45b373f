// The list of what a process had run before it ended: what is checked runs again, in its order.

import {
  commands,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
  ThemeIcon,
  window,
} from "vscode";
import { codeOf, iconOf, placeOf, recoveryDetail } from "../changelog/words";
import { relativePath } from "../documents";
import type { HistoryEntry, RecoverableEntry } from "../protocol.gen";
import { all, canReplay, harmless, inOrder, withoutLast } from "../recovery/choice";

/** What the list is about. */
export interface Recovering {
  readonly title: string;
  /** Oldest first. */
  readonly entries: readonly RecoverableEntry[];
  /** Those that are checked when it opens. */
  readonly chosen: readonly RecoverableEntry[];
}

/** What can be done with the list. */
export interface RecoveryActions {
  recover(entries: readonly string[]): Promise<void>;
  show(entry: HistoryEntry): Promise<void>;
  /** Offers the lives there are to choose from. */
  others(): Promise<void>;
  dismiss(): Promise<void>;
  fail(failure: unknown): Promise<void>;
}

interface Item extends QuickPickItem {
  readonly entry: RecoverableEntry;
}

/** For the keys that choose in it. */
const CONTEXT_KEY = "relive.recoveryShown";

const SHOW: QuickInputButton = { iconPath: new ThemeIcon("eye"), tooltip: "Show Text (Alt+O)" };
const LEAVE_OUT: QuickInputButton = {
  iconPath: new ThemeIcon("remove"),
  tooltip: "Leave Out the Last (Alt+L)",
};
const HARMLESS: QuickInputButton = {
  iconPath: new ThemeIcon("shield"),
  tooltip: "Only Definitions, Imports and Plain Data (Alt+D)",
};
const ALL: QuickInputButton = {
  iconPath: new ThemeIcon("check-all"),
  tooltip: "All (Alt+A)",
};
const EARLIER: QuickInputButton = {
  iconPath: new ThemeIcon("list-unordered"),
  tooltip: "Other Sessions… (Alt+P)",
};
const DISMISS: QuickInputButton = {
  iconPath: new ThemeIcon("bell-slash"),
  tooltip: "Do Not Offer This Session Again",
};

export class RecoveryList {
  readonly #pick: QuickPick<Item> = window.createQuickPick<Item>();
  readonly #entries: readonly RecoverableEntry[];
  readonly #actions: RecoveryActions;

  constructor({ title, entries, chosen }: Recovering, actions: RecoveryActions) {
    const pick = this.#pick;
    this.#entries = entries;
    this.#actions = actions;
    pick.title = title;
    pick.canSelectMany = true;
    // A text that is looked at is shown beside the list, and must not end it.
    pick.ignoreFocusOut = true;
    pick.matchOnDetail = true;
    pick.buttons = [LEAVE_OUT, HARMLESS, ALL, EARLIER, DISMISS];
    const now = new Date();
    pick.items = entries.map((entry) => itemOf(entry, now));
    this.#choose(chosen);
    // The end is where one looks first: what ran last may be what broke it.
    pick.activeItems = pick.items.slice(-1);
    this.#listen();
  }

  show(): void {
    this.#pick.show();
    void commands.executeCommand("setContext", CONTEXT_KEY, true);
  }

  leaveOutLast(): void {
    this.#choose(withoutLast(this.#entries, this.#chosen));
  }

  onlyHarmless(): void {
    this.#choose(harmless(this.#entries));
  }

  all(): void {
    this.#choose(all(this.#entries));
  }

  others(): void {
    this.#pick.hide();
    this.#do(() => this.#actions.others());
  }

  showActive(): void {
    const entry = this.#pick.activeItems[0]?.entry;
    if (entry !== undefined) {
      this.#do(() => this.#actions.show(entry));
    }
  }

  get #chosen(): RecoverableEntry[] {
    return this.#pick.selectedItems.map(({ entry }) => entry);
  }

  #choose(entries: readonly RecoverableEntry[]): void {
    const ids = new Set(entries.map(({ id }) => id));
    this.#pick.selectedItems = this.#pick.items.filter(({ entry }) => ids.has(entry.id));
    this.#count();
  }

  #count(): void {
    const { length } = inOrder(this.#entries, this.#chosen);
    this.#pick.placeholder = `${length} of ${this.#entries.length} run again. Alt+L leaves out the last, ↓ and Space check`;
  }

  #listen(): void {
    const pick = this.#pick;
    pick.onDidHide(() => {
      void commands.executeCommand("setContext", CONTEXT_KEY, false);
      pick.dispose();
    });
    pick.onDidChangeSelection((items) => this.#selected(items));
    pick.onDidAccept(() => this.#accept());
    pick.onDidTriggerItemButton(({ item }) => this.#do(() => this.#actions.show(item.entry)));
    pick.onDidTriggerButton((button) => this.#press(button));
  }

  /** What has no text cannot be chosen. */
  #selected(items: readonly Item[]): void {
    if (items.every(({ entry }) => canReplay(entry))) {
      this.#count();
    } else {
      this.#choose(this.#chosen.filter(canReplay));
    }
  }

  #accept(): void {
    const ids = inOrder(this.#entries, this.#chosen);
    if (ids.length > 0) {
      this.#pick.hide();
      this.#do(() => this.#actions.recover(ids));
    }
  }

  #press(button: QuickInputButton): void {
    if (button === LEAVE_OUT) {
      this.leaveOutLast();
    } else if (button === HARMLESS) {
      this.onlyHarmless();
    } else if (button === ALL) {
      this.all();
    } else if (button === EARLIER) {
      this.others();
    } else {
      this.#pick.hide();
      this.#do(() => this.#actions.dismiss());
    }
  }

  #do(work: () => Promise<void>): void {
    work().catch(this.#actions.fail);
  }
}

function itemOf(entry: RecoverableEntry, now: Date): Item {
  return {
    entry,
    label: codeOf(entry),
    iconPath: new ThemeIcon(entry.suspect ? "question" : iconOf(entry).id),
    detail: `${placeOf(entry, relativePath)} · ${recoveryDetail(entry, now)}`,
    buttons: entry.hidden ? [] : [SHOW],
  };
}
