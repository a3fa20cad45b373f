// What a redefinition of whatever changed did, in one line: for the status bar and the log.

import type { DefinitionChange } from "../protocol.gen";
import { headline } from "./content";
import { CHANGES, outcomeOf, type Receipt, receipt, type Told } from "./receipt";

/** The news for one definition, as a receipt of its own. */
export function receiptOf(change: DefinitionChange, { undone }: Told): Told {
  const partial = change.reason === undefined ? "ok" : "partial";
  const status = change.outcome === "refused" ? "refused" : partial;
  const told: Told = { status, definitions: [change], error: null };
  return undone === undefined ? told : { ...told, undone };
}

export function news(redefinition: Told): Receipt {
  const { status, definitions, error, leftOut = [], undone } = redefinition;
  if (status === "refused" || (error !== null && leftOut.length < 2)) {
    return receipt(redefinition);
  }
  const statements = definitions.filter(({ kind }) => kind === "statement");
  const named = definitions.filter(({ kind }) => kind !== "statement");
  const parts = [
    ...(undone === undefined ? [] : [`${undone} undone in the process, not in the file`]),
    ...outcomes(named),
    ...refusals(named),
    ...waiting(statements.filter((each) => !isGone(each))),
    ...gone(statements.filter(isGone)),
    ...leftOut.map((left) => `${baseName(left.uri)} left out: ${headline(left.error)}`),
  ];
  const text = parts.length === 0 ? "nothing has changed" : parts.join(" · ");
  if (status === "error") {
    return { mark: "✗", text, tone: "bad" };
  }
  return status === "partial"
    ? { mark: "⚠", text, tone: "warning" }
    : { mark: "✓", text, tone: "good" };
}

function outcomes(named: readonly DefinitionChange[]): string[] {
  return CHANGES.flatMap((outcome) => {
    const [first, ...rest] = named.filter((change) => outcomeOf(change) === outcome);
    if (first === undefined) {
      return [];
    }
    return [`${outcome} ${rest.length === 0 ? first.name : `${rest.length + 1} definitions`}`];
  });
}

/** Why something was refused, or where the new code does not reach. */
function refusals(named: readonly DefinitionChange[]): string[] {
  return named
    .filter(({ reason }) => reason !== undefined)
    .map(({ name, outcome, reason }) =>
      outcome === "refused" ? `not redefined ${name}: ${reason}` : `${name}: ${reason}`,
    );
}

/** Top-level code that changed and that only the user may run. */
function waiting(statements: readonly DefinitionChange[]): string[] {
  const left = statements.filter(({ outcome }) => outcome === "refused").length;
  const ran = statements.length - left;
  return [
    ran === 0 ? "" : `assigned ${ran === 1 ? "1 value" : `${ran} values`}`,
    left === 0 ? "" : `${left} changed statement${left === 1 ? " is" : "s are"} yours to run`,
  ].filter((part) => part !== "");
}

/** What stays of a statement that is not in the text any more: there is nothing to run. */
function isGone({ outcome, range }: DefinitionChange): boolean {
  return outcome === "refused" && range === undefined;
}

function gone(statements: readonly DefinitionChange[]): string[] {
  const [first, ...rest] = statements;
  const more = rest.length === 0 ? "" : ` (and ${rest.length} more)`;
  return first === undefined ? [] : [`${first.name}: ${first.reason}${more}`];
}

function baseName(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
}
