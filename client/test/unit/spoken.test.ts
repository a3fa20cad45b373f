// What is read out by screen readers: of evaluations, and of the status bar's item.
import { expect, test } from "vitest";
import { spoken } from "../../src/annotations/spoken";
import type { Evaluation, StatementResult } from "../../src/protocol.gen";
import { spoken as spokenStatus, status } from "../../src/views/statusText";
import { errorInfo } from "./errorInfo";

const at = (line: number) => ({
  start: { line, character: 0 },
  end: { line, character: 1 },
});

const result = (text: string | null) =>
  ({ value: text === null ? null : { text } }) as StatementResult;

const CASES: [string, Partial<Evaluation>][] = [
  ["42", { results: [result("1"), result("42")] }],
  ["Done", { results: [result("1"), result(null)] }],
  ["Done", {}],
  ["Interrupted", { status: "interrupted", error: errorInfo({ type: "KeyboardInterrupt" }) }],
  ["The Python process ended", { status: "died", error: errorInfo() }],
  ["ValueError: no, line 3", { status: "error", error: errorInfo({ range: at(2) }) }],
  ["Held: ValueError: no, line 3", { status: "held", error: errorInfo({ range: at(2) }) }],
  ["KeyError", { status: "error", error: errorInfo({ type: "KeyError", message: "" }) }],
];

test.each(CASES)("%s", (words, answer) => {
  expect(spoken({ status: "ok", results: [], error: null, ...answer } as Evaluation)).toBe(words);
});

test("the status is read without its icon, with what the tooltip tells", () => {
  const known = { session: undefined, name: "", others: [], elapsedMs: 0, recoverable: [] };
  const untrusted = status({ trusted: false, daemon: "off", ...known });
  expect(spokenStatus(untrusted)).toBe(
    "Relive, Relive does nothing before you trust this workspace.",
  );
  const starting = status({ trusted: true, daemon: "starting", ...known });
  expect(spokenStatus(starting)).toBe("Relive: starting, Relive's server is starting.");
});
