// Terminate Process: for code that does not obey an interrupt. The session's state is lost.

import { NothingToDo } from "../errors";
import { interruptCommand } from "../protocol";
import type { InterruptParams } from "../protocol.gen";
import { requireTrust } from "../trust";
import type { Run } from "./command";

export const terminateRun: Run = async ({ daemon }, argument) => {
  const idle = new NothingToDo("nothing is running any more");
  if (daemon.state !== "running") {
    throw idle;
  }
  const params: InterruptParams = {
    ...(isEvaluation(argument) ? only(argument) : {}),
    terminate: true,
  };
  const { interrupted } = await daemon.execute(requireTrust(), interruptCommand, params);
  if (!interrupted) {
    throw idle;
  }
};

interface Evaluation {
  readonly id: number;
  readonly uri: string | null;
}

function only({ id, uri }: Evaluation): InterruptParams {
  return uri === null ? { id } : { id, uri };
}

function isEvaluation(argument: unknown): argument is Evaluation {
  return typeof argument === "object" && argument !== null && "id" in argument && "uri" in argument;
}
