// Clear All Results, in every document.

import type { Run } from "./command";

export const clearAllRun: Run = ({ store }) => store.clear();
