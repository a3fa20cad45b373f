// The view Changes: what ran and what changed what runs, newest first, as the change log has it.

import {
  commands,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  workspace,
} from "vscode";
import { fence } from "../annotations/plainText";
import { Pages } from "../changelog/pages";
import { codeOf, iconOf, outcomeOf, placeOf, whenOf } from "../changelog/words";
import type { Daemon } from "../daemon";
import { relativePath } from "../documents";
import { historyCommand } from "../protocol";
import type { HistoryEntry } from "../protocol.gen";
import { requireTrust } from "../trust";
import { RowsView } from "./rowsView";

/** A row: an entry, a folder of several, or what loads older ones. */
export type Node = { readonly id: string } & (
  | { readonly kind: "entry"; readonly entry: HistoryEntry }
  | { readonly kind: "folder"; readonly folder: string; readonly name: string }
  | { readonly kind: "more"; readonly folder: string }
);

const VIEW = "relive.changes";
/** A log that grows fast is not read faster than this. */
const RENEWED_AFTER_MS = 300;
const MAX_TOOLTIP_CODE = 2000;

export class ChangesView extends RowsView<Node> {
  readonly #daemon: Daemon;
  readonly #pages = new Map<string, Pages>();
  #renewal: NodeJS.Timeout | undefined;
  /** Whether there is news since it was shown last. */
  #isOld = true;

  constructor(daemon: Daemon) {
    super(VIEW);
    this.#daemon = daemon;
    this.own(
      this.view.onDidChangeVisibility(({ visible }) => visible && this.#isOld && this.renew()),
      daemon.onDidChangeState(() => this.renew()),
    );
  }

  /** There is something new in the log. */
  renew(): void {
    this.#isOld = true;
    if (this.view.visible) {
      this.#renewal ??= setTimeout(() => this.#renewNow(), RENEWED_AFTER_MS);
    }
  }

  #renewNow(): void {
    this.#renewal = undefined;
    this.#isOld = false;
    void this.rows.renew().catch(() => undefined); // the daemon is gone: its state is told
  }

  async loadMore(folder: string): Promise<void> {
    await this.#of(folder).loadMore();
    await this.rows.renew();
  }

  protected async below(node: Node | undefined): Promise<Node[]> {
    if (this.#daemon.state !== "running") {
      return [];
    }
    const folders = workspace.workspaceFolders ?? [];
    if (node === undefined && folders.length > 1) {
      return folders.map(({ uri, name }) => folderNode(uri.toString(), name));
    }
    if (node === undefined) {
      return this.#entries(folders[0]?.uri.toString() ?? "");
    }
    return node.kind === "folder" ? this.#entries(node.folder) : [];
  }

  async #entries(folder: string): Promise<Node[]> {
    const pages = this.#of(folder);
    await pages.renew();
    const entries = pages.items.map((entry): Node => ({ kind: "entry", id: entry.id, entry }));
    return pages.more ? [...entries, { kind: "more", id: `more ${folder}`, folder }] : entries;
  }

  #of(folder: string): Pages {
    let pages = this.#pages.get(folder);
    if (pages === undefined) {
      pages = new Pages(folder, (params) =>
        this.#daemon.execute(requireTrust(), historyCommand, params),
      );
      this.#pages.set(folder, pages);
    }
    return pages;
  }

  override dispose(): void {
    clearTimeout(this.#renewal);
    super.dispose();
  }

  protected itemOf(node: Node): TreeItem {
    return itemOf(node);
  }

  protected override says(node: Node): string {
    return says(node);
  }
}

function folderNode(folder: string, name: string): Node {
  return { kind: "folder", id: `folder ${folder}`, folder, name };
}

/** The day of an entry is told once it is not today's any more. */
function says(node: Node): string {
  return JSON.stringify(node.kind === "entry" ? [node, whenOf(node.entry.at, new Date())] : node);
}

function itemOf(node: Node): TreeItem {
  switch (node.kind) {
    case "entry":
      return entryItem(node);
    case "folder":
      return new TreeItem(node.name, TreeItemCollapsibleState.Expanded);
    case "more":
      return moreItem(node);
  }
}

function moreItem(node: Node): TreeItem {
  const item = new TreeItem("Show Older Changes");
  item.iconPath = new ThemeIcon("ellipsis");
  item.command = { command: "relive.olderChanges", title: "Show Older Changes", arguments: [node] };
  return item;
}

function entryItem(node: Extract<Node, { kind: "entry" }>): TreeItem {
  const { entry } = node;
  const now = new Date();
  const { id, color } = iconOf(entry);
  const item = new TreeItem(codeOf(entry));
  item.iconPath = new ThemeIcon(id, color === undefined ? undefined : new ThemeColor(color));
  item.description = `${placeOf(entry, relativePath)} · ${whenOf(entry.at, now)}`;
  item.tooltip = tooltip(entry, now);
  item.contextValue = abilities(entry).join(" ");
  item.accessibilityInformation = {
    label: [codeOf(entry), placeOf(entry, relativePath), outcomeOf(entry)].join(", "),
  };
  item.command = {
    command: "relive.openChange",
    title: "Go to Its Place or Text",
    arguments: [node],
  };
  return item;
}

function tooltip(entry: HistoryEntry, now: Date): MarkdownString {
  const { text, hidden, origin, current } = entry;
  const about = [
    outcomeOf(entry),
    whenOf(entry.at, now),
    ...(origin === "command" ? [] : [`by ${origin}`]),
    ...(current ? [] : ["an earlier session"]),
  ];
  const code = hidden || text === "" ? "" : fence(text.slice(0, MAX_TOOLTIP_CODE), "python");
  return new MarkdownString().appendText(about.join(" · ")).appendMarkdown(code);
}

/** What can be done with it, as the manifest's menus ask. */
function abilities({ kind, hidden, definitions, uri }: HistoryEntry): string[] {
  return [
    ...(hidden ? [] : ["text"]),
    ...(uri === null || hidden ? [] : ["file"]),
    ...(kind === "evaluate" && !hidden ? ["evaluation"] : []),
    ...(definitions.some(({ kind }) => kind !== "statement") ? ["definitions"] : []),
  ];
}

export function isEntryNode(argument: unknown): argument is Extract<Node, { kind: "entry" }> {
  return isNode(argument) && argument.kind === "entry";
}

export function isMoreNode(argument: unknown): argument is Extract<Node, { kind: "more" }> {
  return isNode(argument) && argument.kind === "more";
}

function isNode(argument: unknown): argument is Node {
  return typeof argument === "object" && argument !== null && "kind" in argument;
}

/** Brings the view up. */
export async function focusChanges(): Promise<void> {
  await commands.executeCommand(`${VIEW}.focus`);
}
