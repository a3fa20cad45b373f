// Exports in words: which results there are to choose from, what was exported, and what was not.

import type { Content } from "../annotations/content";
import { type Annotation, evaluationOf } from "../annotations/lifecycle";
import { cut } from "../annotations/plainText";
import type { Exported, ImportedNotebook } from "../protocol.gen";

const MAX_LENGTH = 80;

/** A result that can be exported. */
export interface ResultRow {
  readonly id: string;
  readonly label: string;
  readonly description: string;
}

/** The results of a text that are of the process that runs, from its first line on. */
export function resultRows(
  annotations: readonly Annotation[],
  lineAt: (line: number) => string,
): ResultRow[] {
  return annotations
    .filter((each) => each.result !== undefined && evaluationOf(each) !== undefined)
    .toSorted((one, other) => one.region.start.line - other.region.start.line)
    .flatMap(({ result, content, region }) => {
      const gave = outcome(content);
      return result === undefined || gave === undefined
        ? []
        : [
            {
              id: result,
              label: cut(lineAt(region.start.line).trim(), MAX_LENGTH),
              description: `line ${region.start.line + 1}${gave && ` · ${cut(gave, MAX_LENGTH)}`}`,
            },
          ];
    });
}

/** What a statement that came to its end gave. */
function outcome(content: Content): string | undefined {
  switch (content.kind) {
    case "value":
      return content.value.text;
    case "done":
      return "";
    default:
      return undefined;
  }
}

export function exportedWords({ statements, leftOut }: Exported, name: string): string {
  const said = `exported ${counted(statements, "statement")} to ${name}`;
  const left = leftOut.length;
  return left === 0 ? said : `${said}; ${left} left out, with the reasons in it`;
}

export function importedWords({ cells, comments }: ImportedNotebook): string {
  const said = `imported ${counted(cells, "cell")}`;
  return comments === 0
    ? said
    : `${said}; ${counted(comments, "line")} that only a notebook understands, as comments`;
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}
