// The one hover over results: stored text only, nothing is asked of the process.

import {
  Hover,
  type HoverProvider,
  MarkdownString,
  type Position,
  type TextDocument,
  Uri,
} from "vscode";
import { keyOf } from "../documents";
import type { FrameInfo } from "../protocol.gen";
import { HOVER_COMMANDS, hoverText, type Links } from "./hoverText";
import { type Annotation, displayLine } from "./lifecycle";
import type { AnnotationStore } from "./store";

/** What a hover's command is about. */
export interface AnnotationReference {
  readonly uri: string;
  readonly id: number;
}

export class ResultHover implements HoverProvider {
  readonly #store: AnnotationStore;

  constructor(store: AnnotationStore) {
    this.#store = store;
  }

  /** The hover belongs to the whole line: the text it explains is drawn behind its end. */
  provideHover(document: TextDocument, position: Position): Hover | undefined {
    const key = keyOf(document);
    const here = this.#store
      .at(key, position.line)
      .filter((annotation) => displayLine(annotation) === position.line);
    const result = here.find(({ content }) => content.kind !== "frame");
    const frames = here.filter(({ content }) => content.kind === "frame");
    const shown = result === undefined ? frames : [result, ...frames];
    const contents = shown.map((annotation) => markdown(hoverText(annotation, linksOf(key))));
    return contents.length === 0
      ? undefined
      : new Hover(contents, document.lineAt(position.line).range);
  }
}

function markdown(text: string): MarkdownString {
  const contents = new MarkdownString(text);
  contents.isTrusted = { enabledCommands: [...HOVER_COMMANDS] };
  return contents;
}

function linksOf(uri: string): Links {
  return {
    command: (id, { id: annotation }: Annotation) => {
      const reference: AnnotationReference = { uri, id: annotation };
      const argument = JSON.stringify([reference]);
      return `command:${id}?${encodeURIComponent(argument).replace(/[()]/g, percent)}`;
    },
    frame: frameLink,
  };
}

/** `encodeURIComponent` leaves brackets, which end a Markdown link. */
function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}

/** A file only: what the worker says must not make a link to anything else. */
function frameLink({ uri, line }: FrameInfo): string | undefined {
  const place = Uri.parse(uri ?? "");
  return place.scheme === "file"
    ? place.with({ query: "", fragment: `L${line + 1}` }).toString()
    : undefined;
}
