// The view Definitions: files, and in them what the process runs as it stands, and what it does not.

import {
  commands,
  Disposable,
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  Uri,
  window,
} from "vscode";
import type { Definitions } from "../definitions/definitions";
import { type Branch, branches, isEdited, onlyAttention } from "../definitions/known";
import { details, editedCount, LOOKS, leftovers, summary } from "../definitions/words";
import { relativePath } from "../documents";
import type { DefinitionState } from "../protocol.gen";

/** A row. A definition's has the name and file by which commands know it. */
export type DefinitionNode =
  | { readonly kind: "file"; readonly uri: string; readonly branches: readonly Branch[] }
  | {
      readonly kind: "definition";
      readonly uri: string;
      readonly name: string;
      readonly branch: Branch;
    };

const VIEW = "relive.definitions";
const FILTERED = "relive.definitionsFiltered";

export class DefinitionsView implements TreeDataProvider<DefinitionNode>, Disposable {
  readonly #definitions: Definitions;
  readonly #changed = new EventEmitter<undefined>();
  readonly #view: TreeView<DefinitionNode>;
  readonly #subscriptions: Disposable;
  #isFiltered = false;
  /** What the rows say, as they were drawn last. */
  #drawn = "";

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
    this.#view = window.createTreeView(VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = Disposable.from(
      this.#view,
      this.#changed,
      definitions.onDidChange(() => this.#renew()),
      this.#view.onDidChangeVisibility(({ visible }) => visible && definitions.askAllSoon()),
    );
  }

  /** Shows all definitions, or only what the process runs otherwise. */
  filter(isFiltered: boolean): void {
    this.#isFiltered = isFiltered;
    void commands.executeCommand("setContext", FILTERED, isFiltered);
    this.#renew();
  }

  async show(): Promise<void> {
    await commands.executeCommand(`${VIEW}.focus`);
  }

  getChildren(node?: DefinitionNode): DefinitionNode[] {
    if (node === undefined) {
      return this.#files();
    }
    const inside = node.kind === "file" ? node.branches : node.branch.inside;
    return inside.map((branch) => ({
      kind: "definition",
      uri: node.uri,
      name: branch.item.name,
      branch,
    }));
  }

  getTreeItem(node: DefinitionNode): TreeItem {
    return node.kind === "file" ? this.#fileItem(node.uri) : definitionItem(node.branch);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #files(): DefinitionNode[] {
    return this.#definitions.known.uris
      .toSorted((one, other) => relativePath(one).localeCompare(relativePath(other)))
      .map((uri) => ({ kind: "file" as const, uri, branches: this.#branches(uri) }))
      .filter((file) => file.branches.length > 0);
  }

  #branches(uri: string): Branch[] {
    const all = branches(this.#definitions.known.of(uri));
    return this.#isFiltered ? onlyAttention(all) : all;
  }

  #fileItem(uri: string): TreeItem {
    const items = this.#definitions.known.of(uri);
    const item = new TreeItem(Uri.parse(uri), TreeItemCollapsibleState.Expanded);
    item.id = uri;
    item.label = relativePath(uri);
    item.iconPath = ThemeIcon.File;
    item.description = items.some(isEdited) ? editedCount(items) : "";
    item.accessibilityInformation = { label: `File ${item.label}, ${editedCount(items)}` };
    return item;
  }

  #renew(): void {
    const { edited } = this.#definitions.known;
    const tooltip = `${editedCount(edited)} definitions`;
    this.#view.badge = edited.length === 0 ? undefined : { value: edited.length, tooltip };
    this.#view.message = this.#message() ?? "";
    const drawn = JSON.stringify(this.#files(), withoutPlaces);
    // Rows that are drawn anew lose a click that is under way, and all is asked for whenever the view is shown.
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      this.#changed.fire(undefined);
    }
  }

  #message(): string | undefined {
    const isEmpty = this.#isFiltered && this.#files().length === 0;
    return isEmpty ? "Everything that is loaded runs as it stands." : undefined;
  }
}

function definitionItem({ item, inside }: Branch): TreeItem {
  const open =
    inside.length > 0 ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.None;
  const row = new TreeItem(item.name.slice(item.name.lastIndexOf(".") + 1), open);
  const { icon, color } = LOOKS[item.state];
  row.iconPath = new ThemeIcon(icon, new ThemeColor(color));
  row.description = summary(item);
  row.tooltip = [`${item.kind} ${item.name}`, ...details(item)].join("\n");
  row.contextValue = abilities(item);
  row.accessibilityInformation = { label: `${item.kind} ${item.name}, ${summary(item)}` };
  row.command = {
    command: "relive.openDefinition",
    title: "Go to Definition",
    arguments: [{ uri: item.uri, name: item.name }],
  };
  return row;
}

/** No row says where its definition stands. */
function withoutPlaces(key: string, value: unknown): unknown {
  return key === "range" || key === "header" ? undefined : value;
}

/** What can be done with it, as the manifest's menus ask. */
function abilities(item: DefinitionState): string {
  return [
    "definition",
    ...(isEdited(item) ? ["edited"] : []),
    ...(leftovers(item).length > 0 ? ["leftovers"] : []),
  ].join(" ");
}
