// Clear All Results, in every document.

import type { Run } from "./command";

export const clearAllRun: Run = async (context) => {
  context.store.clear();
  await context.dismissErrors();
};
