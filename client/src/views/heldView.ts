// The view Held: errors that are held, the frames of their stacks, and the values in them.

import { commands, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from "vscode";
import { fileName } from "../annotations/errorText";
import { visible } from "../annotations/plainText";
import type { Held } from "../held/held";
import type { FrameReference } from "../held/stacks";
import { assignment } from "../held/words";
import type { HeldFrame } from "../protocol.gen";
import { RowsView } from "./rowsView";

/** A row. A frame's names it for commands. */
export type HeldNode = { readonly id: string } & (
  | { readonly kind: "error"; readonly held: HeldFrame; readonly folder: string }
  | ({ readonly kind: "frame"; readonly held: HeldFrame } & FrameReference)
  | { readonly kind: "local"; readonly text: string }
);

const VIEW = "relive.held";

export class HeldView extends RowsView<HeldNode> {
  readonly #held: Held;

  constructor(held: Held) {
    super(VIEW);
    this.#held = held;
    this.own(held.onDidChange(() => void this.rows.renew()));
  }

  async show(): Promise<void> {
    await commands.executeCommand(`${VIEW}.focus`);
  }

  protected itemOf(node: HeldNode): TreeItem {
    return itemOf(node);
  }

  protected below(node: HeldNode | undefined): HeldNode[] {
    switch (node?.kind) {
      case undefined:
        return this.#errors();
      case "error":
        return this.#frames(node);
      case "frame":
        return node.held.locals.map((each) => ({
          kind: "local",
          id: `${node.id}/${each.name}`,
          text: assignment(each),
        }));
      case "local":
        return [];
    }
  }

  #errors(): HeldNode[] {
    const { stacks } = this.#held;
    return stacks.each.map((held) => {
      const folder = stacks.folderOf(held) ?? "";
      return { kind: "error", id: `${folder} ${held.hold}`, held, folder };
    });
  }

  #frames({ id, folder, held: { hold } }: Extract<HeldNode, { kind: "error" }>): HeldNode[] {
    return this.#held.stacks
      .of(folder)
      .filter((held) => held.hold === hold)
      .sort((one, other) => (one.depth ?? 0) - (other.depth ?? 0))
      .map((held) => {
        const { frame } = held;
        return { kind: "frame", id: `${id} ${frame}`, held, folder, hold, frame };
      });
  }
}

function itemOf(node: HeldNode): TreeItem {
  switch (node.kind) {
    case "error":
      return errorItem(node.held);
    case "frame":
      return frameItem(node.held);
    case "local":
      return new TreeItem(node.text, TreeItemCollapsibleState.None);
  }
}

function errorItem({ error, thread }: HeldFrame): TreeItem {
  const item = new TreeItem(visible(error), TreeItemCollapsibleState.Expanded);
  item.iconPath = new ThemeIcon("debug-pause", new ThemeColor("relive.heldForeground"));
  item.description = thread === undefined ? "" : visible(thread);
  item.accessibilityInformation = { label: `Held, ${visible(error)}` };
  return item;
}

/** Nothing goes on in foreign frames: they are drawn dimmer. */
function frameIcon(frame: number, foreign: boolean | undefined): ThemeIcon {
  if (foreign === true) {
    return new ThemeIcon("library", new ThemeColor("disabledForeground"));
  }
  return new ThemeIcon(frame === 0 ? "debug-stackframe-focused" : "debug-stackframe");
}

function frameItem({ name, uri, range, text, locals, frame, ...held }: HeldFrame): TreeItem {
  const open = frame === 0 ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
  const item = new TreeItem(
    visible(name),
    locals.length === 0 ? TreeItemCollapsibleState.None : open,
  );
  item.description = `${uri === null ? "" : fileName(uri)}:${range.start.line + 1}`;
  const why = held.foreign === true ? (held.whyNot ?? "") : "";
  item.tooltip = visible(why === "" ? text : `${text}\n${why}`);
  item.contextValue = held.foreign === true ? "heldForeignFrame" : "heldFrame";
  item.accessibilityInformation = {
    label: visible(`Frame ${name}, line ${range.start.line + 1}, ${text} ${why}`.trim()),
  };
  item.iconPath = frameIcon(frame, held.foreign);
  if (uri !== null) {
    item.command = {
      command: "relive.showFrame",
      title: "Go to Frame",
      arguments: [{ uri, range }],
    };
  }
  return item;
}
