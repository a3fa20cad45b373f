// Every command of the extension. The manifest has the same; a test compares them.

export const COMMAND_IDS = [
  "relive.eval",
  "relive.redefine",
  "relive.redefineClass",
  "relive.redefineChanged",
  "relive.evalAdvance",
  "relive.evalFile",
  "relive.evalToHere",
  "relive.selectTarget",
  "relive.clearResult",
  "relive.clearAll",
  "relive.interrupt",
  "relive.terminate",
  "relive.restart",
  "relive.actions",
  "relive.showOutput",
  "relive.copyResult",
  "relive.openResult",
  "relive.evalMissingAndRetry",
  "relive.evalCell",
  "relive.callFunction",
  "relive.resultToComment",
  "relive.replaceWithResult",
  "relive.showPatches",
  "relive.revertPatch",
] as const;

export type CommandId = (typeof COMMAND_IDS)[number];
