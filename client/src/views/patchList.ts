// The list of patches: each can be gone to, compared with what was loaded, and reverted.

import {
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
  ThemeIcon,
  window,
} from "vscode";
import { relativePath } from "../documents";
import type { Patch } from "../protocol.gen";

/** What can be done with patches. */
export interface PatchActions {
  all(): Promise<readonly Patch[]>;
  open(patch: Patch): Promise<void>;
  compare(patch: Patch): Promise<void>;
  revert(patch: Patch): Promise<void>;
  revertAll(): Promise<void>;
  fail(failure: unknown): Promise<void>;
}

interface Item extends QuickPickItem {
  readonly patch: Patch;
}

const COMPARE: QuickInputButton = {
  iconPath: new ThemeIcon("diff"),
  tooltip: "Show What Was Changed",
};
const REVERT: QuickInputButton = { iconPath: new ThemeIcon("discard"), tooltip: "Revert Patch" };
const REVERT_ALL: QuickInputButton = {
  iconPath: new ThemeIcon("clear-all"),
  tooltip: "Revert All Patches",
};

export class PatchList {
  readonly #pick: QuickPick<Item>;
  readonly #actions: PatchActions;

  constructor(patches: readonly Patch[], actions: PatchActions) {
    this.#actions = actions;
    this.#pick = window.createQuickPick<Item>();
    this.#pick.title = "Patches of Libraries";
    this.#pick.placeholder = "Go to a definition that runs as something else than was loaded";
    this.#pick.matchOnDescription = true;
    this.#pick.buttons = [REVERT_ALL];
    this.#pick.items = patches.map(itemOf);
    this.#listen();
  }

  show(): void {
    this.#pick.show();
  }

  #listen(): void {
    const pick = this.#pick;
    pick.onDidHide(() => pick.dispose());
    pick.onDidAccept(() => {
      const chosen = pick.activeItems[0];
      pick.hide();
      if (chosen !== undefined) {
        this.#do(() => this.#actions.open(chosen.patch));
      }
    });
    pick.onDidTriggerItemButton(({ button, item: { patch } }) => {
      this.#do(() =>
        button === REVERT ? this.#revert(() => this.#actions.revert(patch)) : this.#compare(patch),
      );
    });
    pick.onDidTriggerButton(() => this.#do(() => this.#revert(this.#actions.revertAll)));
  }

  #do(work: () => Promise<void>): void {
    work().catch(this.#actions.fail);
  }

  #compare(patch: Patch): Promise<void> {
    this.#pick.hide();
    return this.#actions.compare(patch);
  }

  /** What is left stays on the list; with nothing left it closes. */
  async #revert(revert: () => Promise<void>): Promise<void> {
    await revert();
    const left = await this.#actions.all();
    this.#pick.items = left.map(itemOf);
    if (left.length === 0) {
      this.#pick.hide();
    }
  }
}

function itemOf(patch: Patch): Item {
  const place = `${relativePath(patch.uri)}:${patch.line + 1}`;
  return {
    patch,
    label: patch.name,
    description: [...kindOf(patch), place].join(" · "),
    buttons: [COMPARE, REVERT],
  };
}

function kindOf({ original, running }: Patch): string[] {
  if (original === null) {
    return ["added"];
  }
  return running === null ? ["removed"] : [];
}
