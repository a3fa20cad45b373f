// An evaluation in words, as they are read out: how it ended first. No vscode.

import type { ErrorInfo, Evaluation } from "../protocol.gen";

export function spoken({ status, results, error }: Evaluation): string {
  switch (status) {
    case "ok":
      return results.at(-1)?.value?.text ?? "Done";
    case "interrupted":
      return "Interrupted";
    case "died":
      return "The Python process ended";
    default:
      return error === null ? "Failed" : [...heldAt(status), failed(error)].join(": ");
  }
}

function heldAt(status: Evaluation["status"]): string[] {
  return status === "held" ? ["Held"] : [];
}

function failed({ type, message, range }: ErrorInfo): string {
  const line = range === null ? "" : `, line ${range.start.line + 1}`;
  return `${type}${message === "" ? "" : `: ${message}`}${line}`;
}
