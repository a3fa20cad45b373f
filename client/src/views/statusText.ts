// What the status bar item says, from what is known.

import type { SessionInfo } from "../protocol.gen";
import { comebackText } from "../recovery/comebacks";
import { counted } from "../recovery/recoveries";

export interface Known {
  readonly trusted: boolean;
  readonly daemon: "off" | "starting" | "running" | "failed";
  /** The one that is told of. */
  readonly session: SessionInfo | undefined;
  /** Of its folder. */
  readonly name: string;
  /** The others, by the names of their folders. */
  readonly others: readonly { readonly name: string; readonly session: SessionInfo }[];
  /** How long the evaluation that runs has run, as the daemon says. */
  readonly elapsedMs: number;
  /** What can be recovered, a line each. */
  readonly recoverable: readonly string[];
}

export interface Status {
  readonly text: string;
  readonly tooltip: string;
  readonly severity: "none" | "warning" | "error";
}

const CLICK = "Click for actions.";

/** As it is read out: icons have no words, and what is in the tooltip is seen by nobody then. */
export function spoken({ text, tooltip }: Omit<Status, "severity">): string {
  const words = text.replaceAll(/\$\([\w~-]+\) ?/g, "");
  return [words, ...tooltip.split("\n").filter((line) => line !== CLICK)].join(", ");
}

export function status(known: Known): Status {
  const { tooltip, ...shown } = ofKnown(known);
  return { ...shown, tooltip: [tooltip, ...known.recoverable].join("\n") };
}

function ofKnown({ trusted, daemon, session, name, others, elapsedMs }: Known): Status {
  if (!trusted) {
    return calm("$(shield) Relive", "Relive does nothing before you trust this workspace.");
  }
  if (daemon === "failed") {
    return bad("$(error) Relive: not running", "Relive's server is not running. The log says why.");
  }
  if (daemon === "starting") {
    return calm("$(loading~spin) Relive: starting", "Relive's server is starting.");
  }
  if (daemon === "off" || session === undefined) {
    return calm("$(zap) Relive", "No session yet: it starts with the first evaluation.");
  }
  return ofSession({ name, session }, others, elapsedMs);
}

function ofSession(
  { name, session }: Known["others"][number],
  others: Known["others"],
  elapsedMs: number,
): Status {
  const title = others.length === 0 ? "Session" : `Session of ${name}`;
  const about = [describe(title, session), ...others.map(inShort), CLICK].join("\n");
  const queued = others.reduce((sum, other) => sum + other.session.queued, session.queued);
  switch (session.state) {
    case "starting":
      return calm("$(loading~spin) Relive: starting", about);
    case "busy": {
      if (session.unresponsive) {
        return { text: "$(warning) Relive: does not stop", tooltip: about, severity: "warning" };
      }
      const waiting = queued > 0 ? `, ${queued} waiting` : "";
      return calm(`$(sync~spin) Relive: ${Math.floor(elapsedMs / 1000)} s${waiting}`, about);
    }
    case "held":
      return { text: "$(debug-pause) Relive: held", tooltip: about, severity: "warning" };
    case "dead":
      return bad("$(error) Relive: ended", about);
    case "idle":
      if (session.log?.problem !== undefined) {
        return { text: "$(warning) Relive: not logged", tooltip: about, severity: "warning" };
      }
      return calm(session.pid === null ? "$(zap) Relive" : "$(zap) Relive: idle", about);
  }
}

function inShort({ name, session }: Known["others"][number]): string {
  const { state, queued, pid } = session;
  const waiting = queued > 0 ? [`${queued} waiting`] : [];
  const running = pid === null ? [] : [`process ${pid}`, pythonOf(session)];
  return `${name}: ${[state, ...waiting, ...running].join(", ")}`;
}

function pythonOf({ version, python }: SessionInfo): string {
  return `Python ${version ?? ""} ${python}`.replace(/ +/g, " ");
}

function describe(title: string, session: SessionInfo): string {
  const { state, pid, evaluations, reason, unresponsive, notes, log } = session;
  const { checkpoints, noCheckpoint, cameBack } = session;
  return [
    `${title}: ${state}${reason ? `, ${reason}` : ""}`,
    unresponsive ?? "",
    pid === null ? "" : `Process ${pid}`,
    pythonOf(session),
    ...notes.map((note) => (note === noCheckpoint ? `${note}: no checkpoint meanwhile` : note)),
    cameBack === undefined ? "" : `Came back: ${comebackText(cameBack)}`,
    checkpoints.length === 0 ? "" : `Can go back to ${counted(checkpoints.length, "checkpoint")}`,
    noCheckpoint === undefined || notes.includes(noCheckpoint)
      ? ""
      : `No checkpoint meanwhile: ${noCheckpoint}`,
    log?.problem === undefined ? "" : `Nothing can be recovered: ${log.problem}`,
    `${evaluations} evaluation${evaluations === 1 ? "" : "s"}`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function calm(text: string, tooltip: string): Status {
  return { text, tooltip, severity: "none" };
}

function bad(text: string, tooltip: string): Status {
  return { text, tooltip, severity: "error" };
}
