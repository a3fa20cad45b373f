// Show Output: what programs printed.

import type { Run } from "./command";

export const showOutputRun: Run = ({ output }) => output.show();
