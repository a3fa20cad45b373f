// The mark at code that waits or runs: for how long, and what it printed last, a few times a second.

import type { Pending } from "../annotations/content";
import type { Annotation } from "../annotations/lifecycle";
import { compare, type Region } from "../annotations/regions";
import type { AnnotationStore } from "../annotations/store";

/** Code that is quicker than this shows no sign of running: it would only flicker. */
const REVEALED_AFTER_MS = 150;
/** A bar that is drawn ten thousand times a second is drawn here as often as can be followed. */
const RENEWED_AFTER_MS = 200;

export class PendingMark {
  readonly #store: AnnotationStore;
  readonly #key: string;
  readonly #generation: number;
  /** Where the code is by now; undefined while nobody knows. */
  readonly #region: () => Region | undefined;
  /** What there is to say, asked for as it is drawn. */
  readonly #content: () => Pending;
  #timer: NodeJS.Timeout | undefined;
  #shown: Annotation | undefined;
  #wasShown = false;
  #rests = false;

  constructor(
    store: AnnotationStore,
    key: string,
    generation: number,
    { region, content }: { region: () => Region | undefined; content: () => Pending },
  ) {
    this.#store = store;
    this.#key = key;
    this.#generation = generation;
    this.#region = region;
    this.#content = content;
    this.#timer = setTimeout(() => this.#draw(), REVEALED_AFTER_MS);
  }

  /** There is something new to say. */
  renew(): void {
    this.#timer ??= setTimeout(() => this.#draw(), RENEWED_AFTER_MS);
  }

  /** What ran has its result, which is not to be drawn over: nothing is said until other code runs. */
  rest(): void {
    this.#rests = true;
    this.end();
  }

  /** Other code runs: said at once, once anything was said. */
  move(): void {
    this.#rests = false;
    if (this.#wasShown) {
      this.#draw();
    } else {
      this.renew();
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#remove();
  }

  /** In place as long as the code is the same, so that a hover's link is about what it was. */
  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const region = this.#region();
    if (this.#rests || region === undefined) {
      return;
    }
    const content = { kind: "pending", ...this.#content() } as const;
    const before = this.#shown && this.#store.get(this.#key, this.#shown.id);
    if (before !== undefined && same(before.region, region)) {
      this.#store.say(this.#key, before.id, content);
      return;
    }
    this.#remove();
    this.#wasShown = true;
    this.#shown = this.#store.put(this.#key, {
      generation: this.#generation,
      nature: "pending",
      edge: "last",
      content,
      region,
      evaluated: undefined,
    });
  }

  #remove(): void {
    if (this.#shown !== undefined) {
      this.#store.remove(this.#key, this.#shown);
      this.#shown = undefined;
    }
  }
}

function same(one: Region, other: Region): boolean {
  return compare(one.start, other.start) === 0 && compare(one.end, other.end) === 0;
}
