// What the process says of a value it has made: the whole text, its other forms, its parts, its rows.

import type { Daemon } from "../daemon";
import { UserError } from "../errors";
import {
  type DaemonCommand,
  valueChildrenCommand,
  valueMimeCommand,
  valueMimesCommand,
  valueTableCommand,
  valueTextCommand,
} from "../protocol";
import type {
  Gone,
  ValueChildren,
  ValueMime,
  ValueMimes,
  ValueTable,
  ValueTableParams,
  ValueText,
} from "../protocol.gen";
import { requireTrust } from "../trust";

/** Which value is meant: `uri` is any document of its session. */
export interface ValueName {
  readonly ref: string;
  readonly uri?: string;
}

/** The value is no more; the message says why, and what to do. */
export class ValueGone extends UserError {}

export class Values {
  readonly #daemon: Daemon;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  text(name: ValueName): Promise<ValueText> {
    return this.#ask(valueTextCommand, name);
  }

  mimes(name: ValueName): Promise<ValueMimes> {
    return this.#ask(valueMimesCommand, name);
  }

  mime(name: ValueName, mime: string): Promise<ValueMime> {
    return this.#ask(valueMimeCommand, { ...name, mime });
  }

  children(
    name: ValueName,
    part: { path: number[]; start: number; count: number },
  ): Promise<ValueChildren> {
    return this.#ask(valueChildrenCommand, { ...name, ...part });
  }

  table(name: ValueName, part: Omit<ValueTableParams, "ref" | "uri">): Promise<ValueTable> {
    return this.#ask(valueTableCommand, { ...name, ...part });
  }

  async #ask<Argument, Answer extends object>(
    command: DaemonCommand<Argument, Answer | Gone>,
    argument: Argument,
  ): Promise<Answer> {
    const answer = await this.#daemon.execute(requireTrust(), command, argument);
    if ("gone" in answer) {
      throw new ValueGone(answer.gone);
    }
    return answer;
  }
}
