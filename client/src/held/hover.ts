// What the hover says of a line that is held: what its names hold, and what can be done.

import { MarkdownString, type Position, type TextDocument } from "vscode";
import { commandLink } from "../annotations/hover";
import type { HeldFrame } from "../protocol.gen";
import type { Held } from "./held";
import type { FrameReference } from "./stacks";
import { HELD_COMMANDS, hoverText } from "./words";

/** A recursion has a frame for each of its calls. */
const MAX_FRAMES = 3;

export class HeldHover {
  readonly #held: Held;

  constructor(held: Held) {
    this.#held = held;
  }

  at(document: TextDocument, { line }: Position): MarkdownString[] {
    const frames = this.#held.stacks.at(document.uri.toString(), line).slice(0, MAX_FRAMES);
    return frames.map((frame) => this.#markdown(frame));
  }

  #markdown(frame: HeldFrame): MarkdownString {
    const folder = this.#held.stacks.folderOf(frame) ?? "";
    const reference: FrameReference = { folder, hold: frame.hold, frame: frame.frame };
    const text = new MarkdownString(hoverText(frame, (command) => commandLink(command, reference)));
    text.isTrusted = { enabledCommands: [...HELD_COMMANDS] };
    return text;
  }
}
