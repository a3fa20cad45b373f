// Asks before going back, with what there is to know of the way.

import { window } from "vscode";
import { withoutLinks } from "../annotations/plainText";
import type { Daemon } from "../daemon";
import type { Checkpoint, RewindOffer } from "../protocol.gen";
import { sessionCommand } from "./protocol";
import { checkpointOf } from "./words";

/** The checkpoint that an offer is about, of the session that it was made by. */
export async function checkpointFor(
  daemon: Daemon,
  offer: RewindOffer,
  uri: string | undefined,
): Promise<Checkpoint | undefined> {
  const { checkpoints } = await daemon.query(sessionCommand, uri === undefined ? {} : { uri });
  return checkpointOf(offer, checkpoints);
}

/** Whether somebody wants it done. */
export async function isConfirmed(asked: string, detail: string, button: string): Promise<boolean> {
  const options = { modal: true, detail: withoutLinks(detail) };
  return (await window.showWarningMessage(withoutLinks(asked), options, button)) === button;
}
