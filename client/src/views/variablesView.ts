// The view Variables: the frames that are held, the modules, the names in them, and their parts.

import { commands, ThemeIcon, TreeItem, TreeItemCollapsibleState } from "vscode";
import { visible } from "../annotations/plainText";
import type { Daemon } from "../daemon";
import { relativePath } from "../documents";
import type { Held } from "../held/held";
import { ownFrames } from "../held/stacks";
import type { ListedVariable, ModuleNamespace } from "../protocol.gen";
import { Listings, type Whole } from "../variables/listings";
import { modulesCommand, variablesCommand } from "../variables/protocol";
import { details, ICONS, moduleSummary, moreOf, spoken, summary } from "../variables/words";
import { RowsView } from "./rowsView";

/** A row that has names or parts below it. `uri` is any document of its session, or the folder. */
interface Owner {
  readonly id: string;
  readonly uri: string | undefined;
  readonly whole: Whole;
}

export interface VariableNode extends Owner {
  readonly kind: "variable";
  readonly variable: ListedVariable;
  /** The module it is a name of; absent: it is a part, or a frame's. */
  readonly module?: ModuleNamespace;
}

export type VariablesNode =
  | (Owner & { readonly kind: "frame"; readonly label: string; readonly at: string })
  | (Owner & { readonly kind: "module"; readonly module: ModuleNamespace })
  | VariableNode
  | { readonly kind: "more"; readonly id: string; readonly whole: string; readonly label: string };

const VARIABLES_VIEW = "relive.variablesView";
const FILTERED = "relive.variablesFiltered";
/** Evaluations that follow each other at once are looked at together. */
const RENEWED_AFTER_MS = 150;

export class VariablesView extends RowsView<VariablesNode> {
  readonly #daemon: Daemon;
  readonly #held: Held;
  readonly #listings: Listings;
  #renewal: NodeJS.Timeout | undefined;
  #isOld = false;

  constructor(daemon: Daemon, held: Held) {
    super(VARIABLES_VIEW, { showCollapseAll: true });
    this.#daemon = daemon;
    this.#held = held;
    this.#listings = new Listings((params) => daemon.query(variablesCommand, params));
    this.own(
      daemon.onDidChangeState(() => this.renew()),
      held.onDidChange(() => this.renew()),
      this.view.onDidChangeVisibility(({ visible }) => visible && this.#isOld && this.renew()),
      this.view.onDidCollapseElement(({ element }) => this.rows.fold(element)),
      this.view.onDidExpandElement(({ element }) => this.#settle(this.rows.unfold(element))),
    );
  }

  /** The row that is chosen, for a key. */
  get chosen(): VariablesNode | undefined {
    return this.view.selection[0];
  }

  /** Names may stand for something else: looked at now if it is seen, or else when it is. */
  renew(): void {
    this.#isOld = true;
    if (this.view.visible) {
      this.#renewal ??= setTimeout(() => this.#renewNow(), RENEWED_AFTER_MS);
    }
  }

  get filter(): string {
    return this.#listings.filter;
  }

  set filter(text: string) {
    this.#listings.filter = text;
    this.view.message = text === "" ? "" : `Names with “${text}” in them`;
    void commands.executeCommand("setContext", FILTERED, text !== "");
    this.#renewNow();
  }

  showMore(id: string): void {
    this.#listings.more(id);
    this.#renewNow();
  }

  async show(): Promise<void> {
    await commands.executeCommand(`${VARIABLES_VIEW}.focus`);
  }

  override dispose(): void {
    clearTimeout(this.#renewal);
    super.dispose();
  }

  protected itemOf(node: VariablesNode): TreeItem {
    return itemOf(node);
  }

  #renewNow(): void {
    this.#renewal = undefined;
    this.#isOld = false;
    this.#settle(this.rows.renew());
  }

  /** A daemon that has gone is in another state, of which it was told. */
  #settle(renewal: Promise<void>): void {
    void renewal.catch(() => undefined);
  }

  protected async below(node: VariablesNode | undefined): Promise<VariablesNode[]> {
    if (this.#daemon.state !== "running" || node?.kind === "more") {
      return [];
    }
    return node === undefined ? this.#roots() : this.#names(node);
  }

  async #roots(): Promise<VariablesNode[]> {
    const { items } = await this.#daemon.query(modulesCommand, {});
    const modules = items.map((module): VariablesNode => {
      const uri = module.uri ?? module.folder ?? undefined;
      const id = `module ${module.folder ?? ""} ${module.uri ?? ""} ${module.name}`;
      return { kind: "module", id, uri, whole: { parent: module.ref, ...of(uri) }, module };
    });
    return [...this.#frames(), ...modules];
  }

  #frames(): VariablesNode[] {
    const { stacks } = this.#held;
    return stacks.folders.flatMap((folder) =>
      ownFrames(stacks.of(folder)).map(({ hold, frame, name, range }): VariablesNode => {
        const uri = folder === "" ? undefined : folder;
        const whole = { hold, frame, ...of(uri) };
        const at = `held, line ${range.start.line + 1}`;
        return {
          kind: "frame",
          id: `frame ${folder} ${hold} ${frame}`,
          uri,
          whole,
          label: name,
          at,
        };
      }),
    );
  }

  async #names(owner: Exclude<VariablesNode, { kind: "more" }>): Promise<VariablesNode[]> {
    const { id, uri, whole } = owner;
    const isModule = owner.kind === "module";
    const { items, total } = await this.#listings.of(id, whole, owner.kind !== "variable");
    const rows = items.map(
      (variable): VariablesNode => ({
        kind: "variable",
        id: `${id}/${variable.name}`,
        uri,
        whole: { parent: variable.ref, ...of(uri) },
        variable,
        ...(isModule ? { module: owner.module } : {}),
      }),
    );
    const label = moreOf(items.length, total);
    const more: VariablesNode = { kind: "more", id: `${id}/…`, whole: id, label };
    return items.length < total ? [...rows, more] : rows;
  }
}

function of(uri: string | undefined): { uri?: string } {
  return uri === undefined ? {} : { uri };
}

function itemOf(node: VariablesNode): TreeItem {
  switch (node.kind) {
    case "frame":
      return frameItem(node.label, node.at);
    case "module":
      return moduleItem(node.module);
    case "variable":
      return variableItem(node);
    case "more":
      return moreItem(node.whole, node.label);
  }
}

function frameItem(label: string, at: string): TreeItem {
  const item = new TreeItem(visible(label), TreeItemCollapsibleState.Expanded);
  item.description = at;
  item.iconPath = new ThemeIcon("debug-stackframe");
  item.accessibilityInformation = { label: `Frame ${label}, ${at}` };
  return item;
}

function moduleItem(module: ModuleNamespace): TreeItem {
  const item = new TreeItem(visible(module.name), TreeItemCollapsibleState.Expanded);
  item.description = moduleSummary(module);
  item.tooltip = module.uri === null ? "Text that is in no file" : relativePath(module.uri);
  item.iconPath = new ThemeIcon("symbol-namespace");
  item.contextValue = "module";
  item.accessibilityInformation = { label: `Module ${module.name}, ${moduleSummary(module)}` };
  return item;
}

function variableItem({ variable, module }: VariableNode): TreeItem {
  const item = new TreeItem(
    visible(variable.name),
    variable.children ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
  );
  item.description = visible(summary(variable));
  item.tooltip = visible(details(variable));
  item.iconPath = new ThemeIcon(ICONS[variable.kind]);
  item.accessibilityInformation = { label: visible(spoken(variable)) };
  item.contextValue = [
    "variable",
    ...(module === undefined ? [] : ["name"]),
    ...(variable.setBy === null ? [] : ["set"]),
  ].join(" ");
  return item;
}

function moreItem(whole: string, label: string): TreeItem {
  const item = new TreeItem(label);
  item.iconPath = new ThemeIcon("ellipsis");
  item.command = { command: "relive.moreVariables", title: "Show More", arguments: [whole] };
  return item;
}
