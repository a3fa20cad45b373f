// The terminal that shows what programs print. A terminal, since it colours, overwrites and scrolls as
// programs expect, and the editor gives it its theme, its search and a bound for what it keeps.

import {
  type Disposable,
  EventEmitter,
  type Pseudoterminal,
  Range,
  type Terminal,
  type TerminalLink,
  ThemeIcon,
  Uri,
  window,
  workspace,
} from "vscode";
import { linksIn, type Place } from "./outputLinks";

interface PlaceLink extends TerminalLink {
  readonly place: Place;
}

/** Characters that are kept for a terminal that is opened later, or anew. */
const MAX_KEPT = 1_000_000;
const HIDE_CURSOR = "\u001b[?25l";
/** Headings that lead somewhere; older ones do not. */
const MAX_LINKS = 500;

export class OutputTerminal implements Disposable {
  readonly #written = new EventEmitter<string>();
  readonly #links = new Map<string, Place>();
  readonly #provider: Disposable;
  readonly #kept: string[] = [];
  #length = 0;
  #isCut = false;
  #terminal: Terminal | undefined;
  #isOpen = false;

  constructor() {
    this.#provider = window.registerTerminalLinkProvider({
      provideTerminalLinks: ({ terminal, line }) =>
        terminal === this.#terminal ? this.#linksIn(line) : [],
      handleTerminalLink: ({ place }: PlaceLink) => open(place),
    });
  }

  write(text: string): void {
    if (text === "") {
      return;
    }
    this.#keep(text);
    if (this.#isOpen) {
      this.#written.fire(text);
    }
  }

  /** Has a heading lead to code. */
  link(heading: string, place: Place): void {
    this.#links.set(heading, place);
    const [oldest] = this.#links.keys();
    if (this.#links.size > MAX_LINKS && oldest !== undefined) {
      this.#links.delete(oldest);
    }
  }

  /** Made when somebody wants to see it, and again after it was closed. */
  show(): void {
    this.#terminal ??= window.createTerminal({
      name: "Relive Output",
      iconPath: new ThemeIcon("output"),
      isTransient: true,
      pty: this.#pty(),
    });
    this.#terminal.show(true);
  }

  dispose(): void {
    this.#provider.dispose();
    this.#terminal?.dispose();
    this.#written.dispose();
  }

  /** What is typed goes nowhere: code that wants a line asks for it in an input box. */
  #pty(): Pseudoterminal {
    return {
      onDidWrite: this.#written.event,
      open: () => {
        this.#isOpen = true;
        const cut = this.#isCut ? "\u001b[2m[earlier output is not kept]\u001b[0m\r\n" : "";
        this.#written.fire(HIDE_CURSOR + cut + this.#kept.join(""));
      },
      close: () => {
        this.#isOpen = false;
        this.#terminal = undefined;
      },
    };
  }

  #keep(text: string): void {
    this.#kept.push(text);
    this.#length += text.length;
    while (this.#length > MAX_KEPT) {
      this.#length -= this.#kept.shift()?.length ?? this.#length;
      this.#isCut = true;
    }
  }

  #linksIn(line: string): PlaceLink[] {
    const found = linksIn(line, this.#links, (path) => Uri.file(path).toString());
    return found.map((link) => ({ ...link, tooltip: "Go to the code" }));
  }
}

async function open({ uri, line }: Place): Promise<void> {
  const document = await workspace.openTextDocument(Uri.parse(uri));
  const start = document.lineAt(Math.min(line, document.lineCount - 1)).range.start;
  await window.showTextDocument(document, { selection: new Range(start, start) });
}
