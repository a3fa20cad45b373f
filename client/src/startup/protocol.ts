// What the daemon asks about start-up code.

import { RequestType } from "vscode-languageclient/node";
import { STARTUP, type StartupAnswer, type StartupParams } from "../protocol.gen";

export const startupRequest = new RequestType<StartupParams, StartupAnswer, void>(STARTUP);
