// An error as the daemon tells it, for tests that care for some of its fields.
import type { ErrorInfo } from "../../src/protocol.gen";

export const errorInfo = (more: Partial<ErrorInfo> = {}): ErrorInfo => ({
  type: "ValueError",
  message: "no",
  frames: [],
  notes: [],
  range: null,
  missing: null,
  traceback: "",
  causes: [],
  exceptions: [],
  ...more,
});
