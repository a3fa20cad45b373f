// The messages about captured calls.

import { NotificationType } from "vscode-languageclient/node";
import type { DaemonCommand } from "../protocol";
import {
  CALLS_CAPTURED,
  CAPTURE_CALLS,
  CAPTURED,
  type CallsCapturedParams,
  type CaptureCallsParams,
  type CapturedCalls,
  type CapturedCallsParams,
  type CapturedFunction,
  type Evaluation,
  RUN_AGAIN,
  type RunAgainParams,
  STOP_CAPTURING,
  type StopCapturingParams,
} from "../protocol.gen";

export const callsCapturedNotification = new NotificationType<CallsCapturedParams>(CALLS_CAPTURED);
export const captureCallsCommand: DaemonCommand<CaptureCallsParams, CapturedFunction> = {
  name: CAPTURE_CALLS,
};
export const stopCapturingCommand: DaemonCommand<StopCapturingParams, CapturedCalls> = {
  name: STOP_CAPTURING,
};
export const capturedCommand: DaemonCommand<CapturedCallsParams, CapturedCalls> = {
  name: CAPTURED,
};
export const runAgainCommand: DaemonCommand<RunAgainParams, Evaluation> = { name: RUN_AGAIN };
