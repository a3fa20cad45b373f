// A session as the daemon tells it, for tests that care for some of its fields.
import type { SessionParams } from "../../src/protocol.gen";

export const sessionInfo = (more: Partial<SessionParams> = {}): SessionParams => ({
  state: "idle",
  pid: 42,
  python: "/usr/bin/python3",
  generation: 1,
  rewinds: 0,
  checkpoints: [],
  evaluations: 3,
  queued: 0,
  version: "3.12.1",
  pythonChanged: false,
  notes: [],
  ...more,
});
