// The states of definitions as the daemon has told them, file by file; free of editor types.

import type { DefinitionState } from "../protocol.gen";

/** A definition with those inside it. */
export interface Branch {
  readonly item: DefinitionState;
  readonly inside: readonly Branch[];
}

export class KnownDefinitions {
  readonly #files = new Map<string, readonly DefinitionState[]>();

  /** Takes what is told of one file; nothing: it is neither open nor loaded. */
  put(uri: string, items: readonly DefinitionState[]): void {
    if (items.length === 0) {
      this.#files.delete(uri);
    } else {
      this.#files.set(uri, items);
    }
  }

  clear(): void {
    this.#files.clear();
  }

  of(uri: string): readonly DefinitionState[] {
    return this.#files.get(uri) ?? [];
  }

  get uris(): string[] {
    return [...this.#files.keys()];
  }

  get edited(): DefinitionState[] {
    return [...this.#files.values()].flat().filter(isEdited);
  }
}

/** Whether calls run another text than the reader sees. */
export function isEdited({ state }: DefinitionState): boolean {
  return state === "edited" || state === "failed";
}

/** Whether something runs otherwise than the reader sees. */
export function needsAttention(item: DefinitionState): boolean {
  return isEdited(item) || item.state === "old body running";
}

/** The definitions of a file as a tree; of the parts of a property, which share a name, each is there. */
export function branches(items: readonly DefinitionState[]): Branch[] {
  const top: Branch[] = [];
  const open: { readonly name: string; readonly inside: Branch[] }[] = [];
  for (const item of items) {
    while (open.length > 0 && !item.name.startsWith(`${open.at(-1)?.name}.`)) {
      open.pop();
    }
    const inside: Branch[] = [];
    (open.at(-1)?.inside ?? top).push({ item, inside });
    open.push({ name: item.name, inside });
  }
  return top;
}

/** What of a tree needs attention, with what is around it. */
export function onlyAttention(tree: readonly Branch[]): Branch[] {
  return tree.flatMap(({ item, inside }) => {
    const left = onlyAttention(inside);
    return needsAttention(item) || left.length > 0 ? [{ item, inside: left }] : [];
  });
}
