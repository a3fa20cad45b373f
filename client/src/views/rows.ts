// The rows of a tree as they are drawn, so that only what is other is drawn anew. No vscode.
//
// With a row the editor draws anew all that is below it, and loses a click that is under way there.
// States are told again and again, mostly the same. So a row is the same object for as long as there
// is one of its id, and news is compared with what was drawn.

export interface Identified {
  readonly id: string;
}

export interface Tree<Node extends Identified> {
  /** What is below a row by now, or at the top. Ids are unique in the whole tree. */
  readonly ask: (parent: Node | undefined) => readonly Node[] | Promise<readonly Node[]>;
  /** All that can be seen of a row. */
  readonly says: (node: Node) => string;
  /** Has the editor draw a row with what is below it, or everything. */
  readonly redraw: (node: Node | undefined) => void;
}

interface Drawn<Node> {
  readonly node: Node;
  readonly says: string;
}

const TOP = "";

export class Rows<Node extends Identified> {
  readonly #tree: Tree<Node>;
  readonly #drawn = new Map<string, Drawn<Node>>();
  /** What was listed below each row; undefined: nothing yet, it is being asked. */
  readonly #listed = new Map<string, readonly Node[] | undefined>();
  /** What a renewal has found below rows that the editor was told to draw, and will ask about. */
  readonly #found = new Map<string, readonly Node[]>();
  readonly #folded = new Set<string>();
  #isOld = false;
  #renewal: Promise<void> | undefined;

  constructor(tree: Tree<Node>) {
    this.#tree = tree;
  }

  /** Gives what is below a row, for the editor to draw; what it showed, if that cannot be told. */
  async list(parent: Node | undefined): Promise<Node[]> {
    const key = keyOf(parent);
    if (!this.#listed.has(key)) {
      this.#listed.set(key, undefined);
    }
    const found = this.#found.get(key) ?? (await this.#asked(parent));
    this.#found.delete(key);
    if (found === undefined) {
      return [...(this.#listed.get(key) ?? [])];
    }
    const nodes = found.map((node) => this.#put(node));
    this.#forgetOthers(key, nodes);
    this.#listed.set(key, nodes);
    return nodes;
  }

  /** What is refused or given up has its reason told elsewhere, and news has it asked again. */
  async #asked(parent: Node | undefined): Promise<readonly Node[] | undefined> {
    try {
      return await this.#tree.ask(parent);
    } catch {
      return undefined;
    }
  }

  /** Something may be other than it was drawn: looks at all that is open. */
  renew(): Promise<void> {
    this.#isOld = true;
    this.#renewal ??= this.#renewAll().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** What is below a row is out of sight: it is looked at once it is seen again. */
  fold({ id }: Node): void {
    this.#folded.add(id);
  }

  async unfold(node: Node): Promise<void> {
    if (this.#folded.delete(node.id)) {
      await this.#renewBelow(node);
    }
  }

  async #renewAll(): Promise<void> {
    while (this.#isOld) {
      this.#isOld = false;
      this.#found.clear();
      await this.#renewBelow(undefined);
    }
  }

  async #renewBelow(parent: Node | undefined): Promise<void> {
    const key = keyOf(parent);
    if (!this.#listed.has(key) || this.#folded.has(key)) {
      return;
    }
    const now = await this.#tree.ask(parent);
    if (areTheSame(this.#listed.get(key), now)) {
      await this.#renewEach(now);
    } else {
      this.#found.set(key, now);
      this.#tree.redraw(parent);
    }
  }

  async #renewEach(nodes: readonly Node[]): Promise<void> {
    for (const fresh of nodes) {
      const before = this.#drawn.get(fresh.id)?.says;
      const node = this.#put(fresh);
      if (this.#drawn.get(node.id)?.says === before) {
        await this.#renewBelow(node);
      } else {
        this.#tree.redraw(node);
      }
    }
  }

  #put(fresh: Node): Node {
    const node = Object.assign(this.#drawn.get(fresh.id)?.node ?? fresh, fresh);
    this.#drawn.set(node.id, { node, says: this.#tree.says(node) });
    return node;
  }

  #forgetOthers(key: string, nodes: readonly Node[]): void {
    const kept = new Set(nodes.map(({ id }) => id));
    for (const { id } of this.#listed.get(key) ?? []) {
      if (!kept.has(id)) {
        this.#forget(id);
      }
    }
  }

  #forget(id: string): void {
    this.#forgetOthers(id, []);
    for (const kept of [this.#drawn, this.#listed, this.#found, this.#folded]) {
      kept.delete(id);
    }
  }
}

function keyOf(node: Identified | undefined): string {
  return node?.id ?? TOP;
}

function areTheSame(
  some: readonly Identified[] | undefined,
  others: readonly Identified[],
): boolean {
  return some?.length === others.length && some.every(({ id }, at) => id === others[at]?.id);
}
