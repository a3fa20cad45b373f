// The messages about going back.

import type { DaemonCommand } from "../protocol";
import {
  RERUN_FROM_HERE,
  RERUN_OFFER,
  REWIND,
  REWIND_OFFER,
  type RerunFromHere,
  type RerunFromHereParams,
  type RerunOffer,
  type RewindOffer,
  type RewindOfferParams,
  type RewindParams,
  type RewoundSession,
  SESSION,
  type SessionInfo,
  type SessionRequestParams,
} from "../protocol.gen";

export const rewindOfferCommand: DaemonCommand<RewindOfferParams, RewindOffer> = {
  name: REWIND_OFFER,
};
export const rewindCommand: DaemonCommand<RewindParams, RewoundSession> = { name: REWIND };
export const rerunOfferCommand: DaemonCommand<RerunFromHereParams, RerunOffer> = {
  name: RERUN_OFFER,
};
export const rerunFromHereCommand: DaemonCommand<RerunFromHereParams, RerunFromHere> = {
  name: RERUN_FROM_HERE,
};
export const sessionCommand: DaemonCommand<SessionRequestParams, SessionInfo> = { name: SESSION };
