// What the hover says of results: stored text only, nothing is asked of the process.

import { MarkdownString, type Position, type TextDocument, Uri } from "vscode";
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

export class ResultHover {
  readonly #store: AnnotationStore;

  constructor(store: AnnotationStore) {
    this.#store = store;
  }

  at(document: TextDocument, { line }: Position): MarkdownString[] {
    const key = keyOf(document);
    const here = this.#store.at(key, line).filter((annotation) => displayLine(annotation) === line);
    const result = here.find(({ content }) => content.kind !== "frame");
    const frames = here.filter(({ content }) => content.kind === "frame");
    const shown = result === undefined ? frames : [result, ...frames];
    return shown.map((annotation) => markdown(hoverText(annotation, linksOf(key))));
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
      return commandLink(id, reference);
    },
    frame: frameLink,
  };
}

/** A link in a hover that runs a command with one argument. */
export function commandLink(id: string, argument: object): string {
  const json = JSON.stringify([argument]);
  return `command:${id}?${encodeURIComponent(json).replace(/[()]/g, percent)}`;
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
