// What editors were told to draw, so that they are told of news alone: each message comes before that of a new value. No vscode.

interface Told {
  /** Empty where nothing is drawn. */
  readonly content: string;
  /** The version that the text had then. */
  readonly version: number;
}

const NOTHING: Told = { content: "", version: 0 };

export class Drawn {
  readonly #told = new WeakMap<object, Map<object, Told>>();

  /** Whether an editor does not draw this yet, in one style of its own; from now on it does. */
  isNews(editor: object, style: object, what: readonly unknown[], version: number): boolean {
    const told = this.#told.get(editor) ?? new Map<object, Told>();
    this.#told.set(editor, told);
    const before = told.get(style) ?? NOTHING;
    const content = what.length === 0 ? "" : JSON.stringify(what);
    told.set(style, { content, version });
    // What is drawn goes along with each edit, though not always to where it belongs.
    return content !== before.content || (content !== "" && version !== before.version);
  }
}
