// What all views of rows have in common: the rows as they are drawn, under ids of their own.

import {
  Disposable,
  EventEmitter,
  type TreeDataProvider,
  type TreeItem,
  type TreeView,
  window,
} from "vscode";
import { type Identified, Rows } from "./rows";

export abstract class RowsView<Node extends Identified>
  implements TreeDataProvider<Node>, Disposable
{
  readonly #changed = new EventEmitter<Node | undefined>();
  readonly #owned: Disposable[] = [this.#changed];
  protected readonly rows: Rows<Node>;
  protected readonly view: TreeView<Node>;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(id: string, options: { readonly showCollapseAll?: boolean } = {}) {
    this.rows = new Rows({
      ask: (node) => this.below(node),
      says: (node) => this.says(node),
      redraw: (node) => this.#changed.fire(node),
    });
    this.view = window.createTreeView(id, { treeDataProvider: this, ...options });
    this.own(this.view);
  }

  getChildren(node?: Node): Promise<Node[]> {
    return this.rows.list(node);
  }

  getTreeItem(node: Node): TreeItem {
    const item = this.itemOf(node);
    item.id = node.id;
    return item;
  }

  dispose(): void {
    Disposable.from(...this.#owned).dispose();
  }

  /** What is below a row by now, or at the top. */
  protected abstract below(node: Node | undefined): readonly Node[] | Promise<readonly Node[]>;

  protected abstract itemOf(node: Node): TreeItem;

  /** All that can be seen of a row. */
  protected says(node: Node): string {
    return JSON.stringify(this.getTreeItem(node));
  }

  /** Has things go with the view. */
  protected own(...owned: readonly Disposable[]): void {
    this.#owned.push(...owned);
  }
}
