// How many definitions are edited, in the status bar; nothing when none is.

import { Disposable, StatusBarAlignment, type StatusBarItem, window } from "vscode";
import { relativePath } from "../documents";
import type { Definitions } from "./definitions";
import { editedCount } from "./words";

const NAMED = 10;

export class EditedCount implements Disposable {
  readonly #definitions: Definitions;
  readonly #item: StatusBarItem = window.createStatusBarItem(
    "relive.edited",
    StatusBarAlignment.Left,
  );
  readonly #subscriptions: Disposable;

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
    this.#item.name = "Relive: Edited Definitions";
    this.#item.command = "relive.showEdited";
    this.#subscriptions = Disposable.from(
      this.#item,
      definitions.onDidChange(() => this.#render()),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #render(): void {
    const { edited } = this.#definitions.known;
    if (edited.length === 0) {
      this.#item.hide();
      return;
    }
    const named = edited.slice(0, NAMED).map(({ uri, name }) => `${name} · ${relativePath(uri)}`);
    const more = edited.length > NAMED ? [`and ${edited.length - NAMED} more`] : [];
    this.#item.text = `$(warning) ${editedCount(edited)}`;
    this.#item.tooltip = ["The process runs another text of:", ...named, ...more].join("\n");
    this.#item.show();
  }
}
