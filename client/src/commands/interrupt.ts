// Interrupt what runs: all of it, or the one evaluation that a link is about.

import { NothingToDo } from "../errors";
import { interruptCommand } from "../protocol";
import type { InterruptParams } from "../protocol.gen";
import { requireTrust } from "../trust";
import { isReference, type Run } from "./command";

export const interruptRun: Run = async ({ daemon, store }, argument) => {
  const idle = new NothingToDo("nothing is running");
  if (daemon.state !== "running") {
    throw idle;
  }
  const params: InterruptParams = {};
  if (isReference(argument)) {
    const content = store.get(argument.uri, argument.id)?.content;
    if (content?.kind !== "pending" || content.evaluation === undefined) {
      throw new NothingToDo("it is not running any more");
    }
    Object.assign(params, content.evaluation);
  }
  const { interrupted } = await daemon.execute(requireTrust(), interruptCommand, params);
  if (!interrupted) {
    throw idle;
  }
};
