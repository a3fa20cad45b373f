// The view Definitions: files, and in them what the process runs as it stands, and what it does not.

import { commands, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from "vscode";
import type { Definitions } from "../definitions/definitions";
import { type Branch, branches, isEdited, onlyAttention } from "../definitions/known";
import { details, editedCount, LOOKS, leftovers, summary } from "../definitions/words";
import { relativePath } from "../documents";
import type { DefinitionState } from "../protocol.gen";
import { RowsView } from "./rowsView";

/** A row. A definition's has the name and file by which commands know it. */
export type DefinitionNode = {
  readonly id: string;
  readonly uri: string;
} & (
  | { readonly kind: "file"; readonly branches: readonly Branch[] }
  | { readonly kind: "definition"; readonly name: string; readonly branch: Branch }
);

const VIEW = "relive.definitions";
const FILTERED = "relive.definitionsFiltered";

export class DefinitionsView extends RowsView<DefinitionNode> {
  readonly #definitions: Definitions;
  #isFiltered = false;

  constructor(definitions: Definitions) {
    super(VIEW, { showCollapseAll: true });
    this.#definitions = definitions;
    this.own(
      definitions.onDidChange(() => this.#renew()),
      this.view.onDidChangeVisibility(({ visible }) => visible && definitions.askAllSoon()),
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

  protected below(node: DefinitionNode | undefined): DefinitionNode[] {
    return node === undefined ? this.#files() : below(node);
  }

  protected itemOf(node: DefinitionNode): TreeItem {
    return node.kind === "file" ? this.#fileItem(node.uri) : definitionItem(node.branch);
  }

  #files(): DefinitionNode[] {
    return this.#definitions.known.uris
      .toSorted((one, other) => relativePath(one).localeCompare(relativePath(other)))
      .map((uri) => ({ kind: "file" as const, id: uri, uri, branches: this.#branches(uri) }))
      .filter((file) => file.branches.length > 0);
  }

  #branches(uri: string): Branch[] {
    const all = branches(this.#definitions.known.of(uri));
    return this.#isFiltered ? onlyAttention(all) : all;
  }

  #fileItem(uri: string): TreeItem {
    const items = this.#definitions.known.of(uri);
    const item = new TreeItem(Uri.parse(uri), TreeItemCollapsibleState.Expanded);
    item.label = relativePath(uri);
    item.iconPath = ThemeIcon.File;
    item.description = items.some(isEdited) ? editedCount(items) : "";
    item.accessibilityInformation = { label: `File ${item.label}, ${editedCount(items)}` };
    return item;
  }

  #renew(): void {
    const { edited } = this.#definitions.known;
    const tooltip = `${editedCount(edited)} definitions`;
    this.view.badge = edited.length === 0 ? undefined : { value: edited.length, tooltip };
    this.view.message = this.#message() ?? "";
    void this.rows.renew();
  }

  #message(): string | undefined {
    const isEmpty = this.#isFiltered && this.#files().length === 0;
    return isEmpty ? "Everything that is loaded runs as it stands." : undefined;
  }
}

/** The parts of a property share a name: they are told apart by their order. */
function below(node: DefinitionNode): DefinitionNode[] {
  const inside = node.kind === "file" ? node.branches : node.branch.inside;
  const seen = new Map<string, number>();
  return inside.map((branch) => {
    const { name } = branch.item;
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    const id = `${node.id}#${name} ${number}`;
    return { kind: "definition", id, uri: node.uri, name, branch };
  });
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

/** What can be done with it, as the manifest's menus ask. */
function abilities(item: DefinitionState): string {
  return [
    "definition",
    ...(isEdited(item) ? ["edited"] : []),
    ...(leftovers(item).length > 0 ? ["leftovers"] : []),
  ].join(" ");
}
