// As much of the editor as views need: what they are told of by it, and what they say of themselves.
import { vi } from "vitest";

type Hear<T> = (value: T) => void;

export class EventEmitter<T> {
  readonly #heard = new Set<Hear<T>>();

  readonly event = (hear: Hear<T>) => {
    this.#heard.add(hear);
    return { dispose: () => this.#heard.delete(hear) };
  };

  fire(value: T): void {
    for (const hear of this.#heard) {
      hear(value);
    }
  }

  dispose(): void {
    this.#heard.clear();
  }
}

export class TreeItem {
  constructor(
    readonly label: unknown,
    readonly collapsibleState = 0,
  ) {}
}

class Named {
  constructor(
    readonly id: string,
    readonly color?: unknown,
  ) {}
}

class Markdown {
  appendText(): this {
    return this;
  }

  appendMarkdown(): this {
    return this;
  }
}

/** The view that was made last: a test says what is done to it. */
export const shown = {
  isVisible: true,
  visibility: new EventEmitter<{ visible: boolean }>(),
  collapsed: new EventEmitter<{ element: unknown }>(),
  expanded: new EventEmitter<{ element: unknown }>(),
};

function createTreeView() {
  return {
    get visible() {
      return shown.isVisible;
    },
    selection: [],
    onDidChangeVisibility: shown.visibility.event,
    onDidCollapseElement: shown.collapsed.event,
    onDidExpandElement: shown.expanded.event,
    dispose: () => undefined,
  };
}

export const editor = {
  EventEmitter,
  TreeItem,
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  ThemeIcon: Object.assign(Named, { File: "file" }),
  ThemeColor: Named,
  MarkdownString: Markdown,
  Disposable: { from: () => ({ dispose: () => undefined }) },
  Uri: { parse: (text: string) => ({ toString: () => text, path: text }) },
  commands: { executeCommand: vi.fn() },
  window: { createTreeView },
  workspace: {
    isTrusted: true,
    workspaceFolders: [{ uri: "file:///w", name: "w" }],
    asRelativePath: (uri: unknown) => String(uri).replace("file:///w/", ""),
  },
};
