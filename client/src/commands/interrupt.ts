// Interrupt what runs.

import { NothingToDo } from "../errors";
import { interruptCommand } from "../protocol";
import { requireTrust } from "../trust";
import type { Run } from "./command";

export const interruptRun: Run = async ({ daemon }) => {
  const idle = new NothingToDo("nothing is running");
  if (daemon.state !== "running") {
    throw idle;
  }
  const { interrupted } = await daemon.execute(requireTrust(), interruptCommand, {});
  if (!interrupted) {
    throw idle;
  }
};
