// Replace with Result: the selected expression, or the one at the cursor, becomes the value it has.

import { Range } from "vscode";
import { longest } from "../annotations/content";
import { NothingToDo, UserError } from "../errors";
import type { Evaluation, Value } from "../protocol.gen";
import { requireTrust } from "../trust";
import { codeOf, evaluateAt, pythonEditor, type Run } from "./command";

export const replaceWithResultRun: Run = async (context) => {
  const editor = pythonEditor();
  const place = codeOf(editor);
  const target = await context.daemon.target(requireTrust(), place);
  if (target?.kind !== "expression" && target?.kind !== "selection") {
    throw new UserError("Only an expression can be replaced by its value. Select one.");
  }
  const answer = await evaluateAt(context, place);
  const { range, text } = replacement(answer);
  if (answer.version !== editor.document.version) {
    throw new UserError("The text was edited meanwhile, so nothing was replaced.");
  }
  await editor.edit((edit) => edit.replace(range, text));
};

function replacement({ status, results }: Evaluation): { range: Range; text: string } {
  const [only, ...others] = results.filter(({ origin }) => origin === "requested");
  if (status !== "ok" || only === undefined) {
    throw new NothingToDo("there is no value to put there");
  }
  if (others.length > 0 || only.value === null) {
    throw new UserError("Only one expression can be replaced by its value. Select it.");
  }
  const { start, end } = only.range;
  const range = new Range(start.line, start.character, end.line, end.character);
  return { range, text: asCode(only.value) };
}

function asCode(value: Value): string {
  const { text, whole } = longest(value);
  if (!whole) {
    throw new UserError("The value is longer than what is known of it, so nothing was replaced.");
  }
  if (text.startsWith("<")) {
    throw new UserError(`The value cannot be written as Python: ${text}`);
  }
  return text;
}
