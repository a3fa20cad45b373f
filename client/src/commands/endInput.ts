// End of Input: what code that waits for a line is answered instead.

import type { Run } from "./command";

export const endInputRun: Run = ({ questions }) => questions.endInput();
