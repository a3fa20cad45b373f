// The offer to recover what a process that ended had run: made once, without keeping anybody from working.

import { commands, type Memento, window } from "vscode";
import { cut, withoutLinks } from "../annotations/plainText";
import { NothingToDo } from "../errors";
import type { RecoveryOfferedParams } from "../protocol.gen";
import { counted, howItEnded, keyOf, type Offer, Recoveries } from "./recoveries";
import { folderName } from "./replays";

const DEFINITIONS = "Definitions Only";
const LATER = "Not Now";
const MEMORY_KEY = "recovery.asked";
/** Of how many lives it is remembered that the user was asked. */
const MAX_REMEMBERED = 50;
const MAX_REASON = 150;

/** What can be done with an offer. */
export interface OfferActions {
  definitionsOnly(offer: Offer): Promise<void>;
  fail(failure: unknown): Promise<void>;
}

export class Offering {
  readonly recoveries: Recoveries;
  readonly #memory: Memento;

  constructor(memory: Memento) {
    this.#memory = memory;
    this.recoveries = new Recoveries(remembered(memory));
  }

  /** Takes an offer of the daemon's; the user is asked about it once. */
  async take(params: RecoveryOfferedParams, actions: OfferActions): Promise<void> {
    const isNews = this.recoveries.offer(params);
    const offer = this.recoveries.offers.at(-1);
    if (isNews && offer !== undefined) {
      await this.#ask(offer, actions).catch(actions.fail);
    }
  }

  async #ask(offer: Offer, actions: OfferActions): Promise<void> {
    const { evaluations, folder, reason } = offer;
    const look = `Recover Session (${counted(evaluations)})…`;
    const why = reason === "" ? "" : ` (${withoutLinks(cut(howItEnded(reason), MAX_REASON))})`;
    const question = `Relive: the last session of ${folderName(folder)} ended unexpectedly${why}: recover ${counted(evaluations)}?`;
    const chosen = await window.showInformationMessage(question, look, DEFINITIONS, LATER);
    await this.#remember(offer);
    if (chosen !== undefined && chosen !== LATER && !this.recoveries.stands(offer)) {
      throw new NothingToDo("that session was recovered, or is not to be offered");
    }
    if (chosen === look) {
      await commands.executeCommand("relive.recover", offer);
    } else if (chosen === DEFINITIONS) {
      await actions.definitionsOnly(offer);
    }
  }

  /** A window that is reloaded before the user has answered asks again; one that was answered does not. */
  async #remember(offer: Offer): Promise<void> {
    const asked = [...remembered(this.#memory), keyOf(offer)];
    await this.#memory.update(MEMORY_KEY, asked.slice(-MAX_REMEMBERED));
  }
}

function remembered(memory: Memento): string[] {
  return memory.get<string[]>(MEMORY_KEY, []);
}
