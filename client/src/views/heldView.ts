// The view Held: errors that are held, the frames of their stacks, and the values in them.

import {
  commands,
  Disposable,
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from "vscode";
import { fileName } from "../annotations/errorText";
import { visible } from "../annotations/plainText";
import type { Held } from "../held/held";
import type { FrameReference } from "../held/stacks";
import { assignment } from "../held/words";
import type { HeldFrame } from "../protocol.gen";

/** A row. A frame's names it for commands. */
export type HeldNode =
  | { readonly kind: "error"; readonly held: HeldFrame }
  | ({ readonly kind: "frame"; readonly held: HeldFrame } & FrameReference)
  | { readonly kind: "local"; readonly text: string };

const VIEW = "relive.held";

export class HeldView implements TreeDataProvider<HeldNode>, Disposable {
  readonly #held: Held;
  readonly #changed = new EventEmitter<undefined>();
  readonly #subscriptions: Disposable;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(held: Held) {
    this.#held = held;
    const view = window.createTreeView(VIEW, { treeDataProvider: this });
    this.#subscriptions = Disposable.from(
      view,
      this.#changed,
      held.onDidChange(() => this.#changed.fire(undefined)),
    );
  }

  async show(): Promise<void> {
    await commands.executeCommand(`${VIEW}.focus`);
  }

  getChildren(node?: HeldNode): HeldNode[] {
    if (node === undefined) {
      return this.#held.stacks.each.map((held) => ({ kind: "error", held }));
    }
    switch (node.kind) {
      case "error":
        return this.#frames(node.held);
      case "frame":
        return node.held.locals.map((each) => ({ kind: "local", text: assignment(each) }));
      case "local":
        return [];
    }
  }

  getTreeItem(node: HeldNode): TreeItem {
    switch (node.kind) {
      case "error":
        return errorItem(node.held);
      case "frame":
        return frameItem(node.held);
      case "local":
        return new TreeItem(node.text, TreeItemCollapsibleState.None);
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #frames({ hold }: HeldFrame): HeldNode[] {
    const { stacks } = this.#held;
    return stacks.folders.flatMap((folder) =>
      stacks
        .of(folder)
        .filter((held) => held.hold === hold)
        .map((held) => ({ kind: "frame" as const, held, folder, hold, frame: held.frame })),
    );
  }
}

function errorItem({ error, thread }: HeldFrame): TreeItem {
  const item = new TreeItem(visible(error), TreeItemCollapsibleState.Expanded);
  item.iconPath = new ThemeIcon("debug-pause", new ThemeColor("relive.heldForeground"));
  item.description = thread === undefined ? "" : visible(thread);
  item.accessibilityInformation = { label: `Held, ${visible(error)}` };
  return item;
}

function frameItem({ name, uri, range, text, locals, frame }: HeldFrame): TreeItem {
  const open = frame === 0 ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
  const item = new TreeItem(
    visible(name),
    locals.length === 0 ? TreeItemCollapsibleState.None : open,
  );
  item.description = `${uri === null ? "" : fileName(uri)}:${range.start.line + 1}`;
  item.tooltip = visible(text);
  item.contextValue = "heldFrame";
  item.accessibilityInformation = {
    label: visible(`Frame ${name}, line ${range.start.line + 1}, ${text}`),
  };
  item.iconPath = new ThemeIcon(frame === 0 ? "debug-stackframe-focused" : "debug-stackframe");
  if (uri !== null) {
    item.command = {
      command: "relive.showFrame",
      title: "Go to Frame",
      arguments: [{ uri, range }],
    };
  }
  return item;
}
